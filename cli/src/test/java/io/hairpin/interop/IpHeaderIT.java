package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;
import io.hairpin.stun.Present;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Wireshark sees on the wire what RFC 8656 §13 and §14 have the headers of data say: DSCP and ECN
/// as they came, DF where the client asked for it, and a hop less where hops are counted.
@Alone
class IpHeaderIT {

    private static final int PATIENCE_MILLIS = 5_000;

    /// Expedited forwarding, ECT(0).
    private static final int FORTH = 0xBA;

    /// AF41, congestion experienced.
    private static final int BACK = 0x8B;

    /// What Linux gives where nothing is asked for.
    private static final int SYSTEM_HOPS = 64;

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @TempDir private Path folder;

    @BeforeEach
    void findTools() {
        Tool.TSHARK.path();
        Tool.DUMPCAP.path();
    }

    @Test
    void dataHasTheMarksItCameWithAndDfWhereTheClientAskedForIt() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.startWithoutOffload(folder);
                DatagramSocket peer = socket(0)) {
            InetSocketAddress there =
                    new InetSocketAddress(LOOPBACK, server.port("udp", "127.0.0.1"));
            Capture capture =
                    Capture.start(
                            folder.resolve("headers.pcapng"),
                            List.of(there.getPort(), peer.getLocalPort()),
                            List.of());
            try (capture) {
                converse(there, peer);
            }

            String toPeer = "udp.dstport == " + peer.getLocalPort();
            String marked = toPeer + " && ip.dsfield == " + FORTH;
            assertThat(capture.countAny(marked + " && ip.flags.df == 1")).isEqualTo(1);
            assertThat(capture.countAny(marked + " && ip.flags.df == 0")).isEqualTo(1);
            assertThat(capture.countAny(toPeer)).isEqualTo(2);
            assertThat(
                            capture.count(
                                    "udp.srcport == %d && stun.type == 0x0017 && ip.dsfield == %d"
                                            .formatted(there.getPort(), BACK)))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "127.0.0.1, ::1", "::1, 127.0.0.1"})
    void dataHasAHopLessBothWaysWhereHopsAreCounted(String ours, String peers) throws Exception {
        InetAddress peerHost = InetAddress.ofLiteral(peers);
        Map<String, String> counting = Map.of("sockets.hop-limit", "count-down");
        try (ServerUnderTest server = ServerUnderTest.start(folder, counting);
                DatagramSocket peer = new DatagramSocket(new InetSocketAddress(peerHost, 0))) {
            InetSocketAddress there =
                    new InetSocketAddress(InetAddress.ofLiteral(ours), server.port("udp", ours));
            Capture capture =
                    Capture.start(
                            folder.resolve("hops.pcapng"),
                            List.of(there.getPort(), peer.getLocalPort()),
                            List.of());
            try (capture) {
                exchange(there, peer);
            }

            String sent = " && " + hops(ours, SYSTEM_HOPS);
            String toServer = "udp.dstport == %d && stun.type == 0x0016".formatted(there.getPort());
            String toPeer = "udp.dstport == " + peer.getLocalPort();
            String fromPeer = "udp.srcport == " + peer.getLocalPort();
            String toClient = "udp.srcport == %d && stun.type == 0x0017".formatted(there.getPort());
            assertThat(capture.countAny(toServer + sent)).isEqualTo(1);
            assertThat(capture.countAny(toPeer)).isEqualTo(1);
            assertThat(capture.countAny(toPeer + " && " + hops(peers, SYSTEM_HOPS - 1)))
                    .isEqualTo(1);
            assertThat(capture.countAny(fromPeer + " && " + hops(peers, SYSTEM_HOPS))).isEqualTo(1);
            assertThat(capture.countAny(toClient)).isEqualTo(1);
            assertThat(capture.countAny(toClient + " && " + hops(ours, SYSTEM_HOPS - 1)))
                    .isEqualTo(1);
        }
    }

    private static String hops(String host, int hops) {
        return (host.contains(":") ? "ipv6.hlim == " : "ip.ttl == ") + hops;
    }

    /// One datagram to the peer in a Send indication, and one back.
    private static void exchange(InetSocketAddress server, DatagramSocket peer) throws Exception {
        peer.setSoTimeout(PATIENCE_MILLIS);
        InetSocketAddress peerAddress = (InetSocketAddress) peer.getLocalSocketAddress();
        AddressFamily family = AddressFamily.of(peerAddress.getAddress());
        try (TurnClient client =
                TurnClient.udp(server).with(ServerUnderTest.USER, ServerUnderTest.PASSWORD)) {
            InetSocketAddress relayed =
                    client.allocate(AllocateOptions.udp().family(family)).relayedAddress();
            client.createPermission(peerAddress.getAddress());
            client.send(peerAddress, new byte[] {7});
            receive(peer);
            peer.send(new DatagramPacket(new byte[] {8}, 1, relayed));
            assertThat(client.receive(Duration.ofMillis(PATIENCE_MILLIS))).isPresent();
        }
    }

    /// One datagram to the peer with DONT-FRAGMENT, one without, and one back.
    private static void converse(InetSocketAddress server, DatagramSocket peer) throws IOException {
        InetSocketAddress peerAddress = new InetSocketAddress(LOOPBACK, peer.getLocalPort());
        try (TurnClient client =
                TurnClient.udp(server).with(ServerUnderTest.USER, ServerUnderTest.PASSWORD)) {
            InetSocketAddress relayed = client.allocate(AllocateOptions.udp()).relayedAddress();
            client.createPermission(LOOPBACK);
            int port = client.localAddress().getPort();
            client.vanish();
            try (DatagramSocket socket = socket(port)) {
                socket.setTrafficClass(FORTH);
                send(
                        socket,
                        indication(peerAddress).with(Attributes.DONT_FRAGMENT, Present.PRESENT),
                        server);
                receive(peer);
                send(socket, indication(peerAddress), server);
                receive(peer);
                peer.setTrafficClass(BACK);
                peer.send(new DatagramPacket(new byte[] {8}, 1, relayed));
                receive(socket);
            }
        }
    }

    private static DatagramSocket socket(int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, port));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static StunMessage.Builder indication(InetSocketAddress peer) {
        return StunMessage.indication(Method.SEND, TransactionId.of(1, 2))
                .with(Attributes.XOR_PEER_ADDRESS, peer)
                .with(Attributes.DATA, new byte[] {7});
    }

    private static void send(
            DatagramSocket socket, StunMessage.Builder message, InetSocketAddress to)
            throws IOException {
        byte[] bytes = message.build().toBytes();
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private static void receive(DatagramSocket socket) throws IOException {
        socket.receive(new DatagramPacket(new byte[1500], 1500));
    }
}
