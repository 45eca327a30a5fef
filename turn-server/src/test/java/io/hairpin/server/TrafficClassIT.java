package io.hairpin.server;

import static io.hairpin.server.MarkedCall.channelData;
import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.MarkedSocket.Marked;
import io.hairpin.server.config.HopLimitChoice;
import io.hairpin.server.config.SocketsConfig;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// RFC 8656 §13 to §16: which DSCP and ECN data leaves with.
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class TrafficClassIT {

    /// Best effort; expedited forwarding, ECT(0); AF41 with congestion experienced; and nothing
    /// again.
    private static final int[] CLASSES = {0, 0xBA, 0x8B, 0};

    @ParameterizedTest
    @CsvSource({"IPV4, IPV4", "IPV6, IPV6", "IPV4, IPV6", "IPV6, IPV4"})
    void ofEachDatagramItIsCarriedAcrossBothWays(AddressFamily ours, AddressFamily peers)
            throws Exception {
        try (TurnServer server = OnePort.plain().on(SocketKind.NATIVE).start();
                MarkedCall call = MarkedCall.start(server, ours, peers)) {
            for (int trafficClass : CLASSES) {
                call.client().send(channelData(7), trafficClass, call.server());
                Marked out = call.peer().take();
                assertThat(out.bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {7}));
                assertThat(out.trafficClass()).isEqualTo(trafficClass);

                call.client().send(call.sendIndication(7), trafficClass, call.server());
                assertThat(call.peer().take().trafficClass()).isEqualTo(trafficClass);

                call.peer().send(ByteBuffer.wrap(new byte[] {8}), trafficClass, call.relayed());
                Marked back = call.client().take();
                assertThat(back.bytes()).isEqualTo(channelData(8));
                assertThat(back.trafficClass()).isEqualTo(trafficClass);
            }
        }
    }

    @Test
    void aServerThatIsToldNotToSendsAllAsBestEffort() throws Exception {
        SocketsConfig plain = TestSockets.with(false, HopLimitChoice.SYSTEM);
        try (TurnServer server = OnePort.plain().on(SocketKind.NATIVE).start(plain);
                MarkedCall call = MarkedCall.start(server, IPV4, IPV4)) {
            call.client().send(channelData(7), 0xBA, call.server());
            assertThat(call.peer().take().trafficClass()).isZero();
            call.peer().send(ByteBuffer.wrap(new byte[] {8}), 0xBA, call.relayed());
            assertThat(call.client().take().trafficClass()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void whatComesOverTcpLeavesAsBestEffort(Transport transport) throws Exception {
        try (TurnServer server = OnePort.plain().on(SocketKind.NATIVE).start();
                MarkedSocket peer = new MarkedSocket(MarkedCall.any(IPV4));
                TurnClient client = Clients.of(server, transport, IPV4)) {
            InetSocketAddress relayed = client.allocate(AllocateOptions.udp()).relayedAddress();
            client.channelBind(MarkedCall.CHANNEL, peer.address());

            peer.send(ByteBuffer.wrap(new byte[] {8}), 0xBA, relayed);
            assertThat(client.receive(Duration.ofSeconds(5)).orElseThrow().bytes())
                    .containsExactly(8);
            client.sendChannel(MarkedCall.CHANNEL, new byte[] {7});
            assertThat(peer.take().trafficClass()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void whereItIsNotCarriedTheServerSaysSo(SocketKind kind) throws Exception {
        try (TurnServer server = OnePort.plain().on(kind).start()) {
            assertThat(server.describe().stream().anyMatch(line -> line.contains("DSCP")))
                    .isEqualTo(!kind.carriesHeaderFields());
        }
    }
}
