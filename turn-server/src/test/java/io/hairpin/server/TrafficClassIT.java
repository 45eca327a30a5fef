package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.MarkedSocket.Marked;
import io.hairpin.server.config.SocketsConfig;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// RFC 8656 §13 to §16: which DSCP and ECN data leaves with.
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class TrafficClassIT {

    private static final int CHANNEL = 0x4000;

    /// Best effort; expedited forwarding, ECT(0); AF41 with congestion experienced; and nothing
    /// again.
    private static final int[] CLASSES = {0, 0xBA, 0x8B, 0};

    @ParameterizedTest
    @CsvSource({"IPV4, IPV4", "IPV6, IPV6", "IPV4, IPV6", "IPV6, IPV4"})
    void ofEachDatagramItIsCarriedAcrossBothWays(AddressFamily ours, AddressFamily peers)
            throws Exception {
        try (TurnServer server = OnePort.plain().on(SocketKind.NATIVE).start();
                MarkedSocket peer = new MarkedSocket(any(peers));
                TurnClient client = Clients.of(server, Transport.UDP, ours)) {
            Path path = path(server, client, ours, peer);
            try (MarkedSocket socket = new MarkedSocket(path.local())) {
                for (int trafficClass : CLASSES) {
                    socket.send(channelData(7), trafficClass, path.server());
                    Marked out = peer.take();
                    assertThat(out.bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {7}));
                    assertThat(out.trafficClass()).isEqualTo(trafficClass);

                    socket.send(sendIndication(peer.address()), trafficClass, path.server());
                    assertThat(peer.take().trafficClass()).isEqualTo(trafficClass);

                    peer.send(ByteBuffer.wrap(new byte[] {8}), trafficClass, path.relayed());
                    Marked back = socket.take();
                    assertThat(back.bytes()).isEqualTo(channelData(8));
                    assertThat(back.trafficClass()).isEqualTo(trafficClass);
                }
            }
        }
    }

    @Test
    void aServerThatIsToldNotToSendsAllAsBestEffort() throws Exception {
        SocketsConfig usual = SocketsConfig.defaults();
        SocketsConfig plain =
                new SocketsConfig(
                        usual.kind(),
                        usual.offload(),
                        false,
                        usual.listenerReceiveBuffer(),
                        usual.listenerSendBuffer(),
                        usual.relayReceiveBuffer(),
                        usual.relaySendBuffer());
        try (TurnServer server = OnePort.plain().on(SocketKind.NATIVE).start(plain);
                MarkedSocket peer = new MarkedSocket(any(IPV4));
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            Path path = path(server, client, IPV4, peer);
            try (MarkedSocket socket = new MarkedSocket(path.local())) {
                socket.send(channelData(7), 0xBA, path.server());
                assertThat(peer.take().trafficClass()).isZero();
                peer.send(ByteBuffer.wrap(new byte[] {8}), 0xBA, path.relayed());
                assertThat(socket.take().trafficClass()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void whatComesOverTcpLeavesAsBestEffort(Transport transport) throws Exception {
        try (TurnServer server = OnePort.plain().on(SocketKind.NATIVE).start();
                MarkedSocket peer = new MarkedSocket(any(IPV4));
                TurnClient client = Clients.of(server, transport, IPV4)) {
            InetSocketAddress relayed = client.allocate(AllocateOptions.udp()).relayedAddress();
            client.channelBind(CHANNEL, peer.address());

            peer.send(ByteBuffer.wrap(new byte[] {8}), 0xBA, relayed);
            assertThat(client.receive(Duration.ofSeconds(5)).orElseThrow().bytes())
                    .containsExactly(8);
            client.sendChannel(CHANNEL, new byte[] {7});
            assertThat(peer.take().trafficClass()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void whereItIsNotCarriedTheServerSaysSo(SocketKind kind) throws Exception {
        try (TurnServer server = OnePort.plain().on(kind).start()) {
            assertThat(server.describe().stream().anyMatch(line -> line.contains("DSCP")))
                    .isEqualTo(!kind.carriesTrafficClass());
        }
    }

    /// Where the client is, where it sends to, and its relay.
    private record Path(
            InetSocketAddress local, InetSocketAddress server, InetSocketAddress relayed) {}

    /// Has the client bind a channel to the peer, and leave its address to another socket.
    private static Path path(
            TurnServer server, TurnClient client, AddressFamily family, MarkedSocket peer)
            throws Exception {
        AddressFamily peers = AddressFamily.of(peer.address().getAddress());
        InetSocketAddress relayed =
                client.allocate(AllocateOptions.udp().family(peers)).relayedAddress();
        client.channelBind(CHANNEL, peer.address());
        InetSocketAddress local = client.localAddress();
        client.vanish();
        return new Path(local, Clients.address(server, Transport.UDP, family), relayed);
    }

    private static InetSocketAddress any(AddressFamily family) {
        InetAddress host =
                family == IPV4 ? TestConfiguration.LOOPBACK_4 : TestConfiguration.LOOPBACK_6;
        return new InetSocketAddress(host, 0);
    }

    private static ByteBuffer channelData(int value) {
        ByteBuffer frame = ByteBuffer.allocate(ChannelData.HEADER_BYTES + 1);
        ChannelData.writeHeader(frame, 0, CHANNEL, 1);
        return frame.put(ChannelData.HEADER_BYTES, (byte) value);
    }

    private static ByteBuffer sendIndication(InetSocketAddress peer) {
        return ByteBuffer.wrap(
                StunMessage.indication(Method.SEND, TransactionId.of(1, 2))
                        .with(Attributes.XOR_PEER_ADDRESS, peer)
                        .with(Attributes.DATA, new byte[] {7})
                        .build()
                        .toBytes());
    }
}
