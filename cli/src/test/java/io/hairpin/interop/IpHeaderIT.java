package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;
import io.hairpin.stun.Present;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/// Wireshark sees on the wire what RFC 8656 §14 has the headers of data say: DSCP and ECN as they
/// came, and DF where the client asked for it.
class IpHeaderIT {

    private static final int PATIENCE_MILLIS = 5_000;

    /// Expedited forwarding, ECT(0).
    private static final int FORTH = 0xBA;

    /// AF41, congestion experienced.
    private static final int BACK = 0x8B;

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
                            List.of(there.getPort(), peer.getLocalPort()));
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
