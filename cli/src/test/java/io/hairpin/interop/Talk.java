package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A client with an allocation and the peer it talks to by a channel: what happens to others must
/// not come between them.
final class Talk implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CHANNEL = 0x4000;

    private final TurnClient client;
    private final DatagramSocket peer;
    private final InetSocketAddress relayed;
    private int said;

    private Talk(TurnClient client, DatagramSocket peer, InetSocketAddress relayed) {
        this.client = client;
        this.peer = peer;
        this.relayed = relayed;
    }

    static Talk begin(TurnClient client) throws IOException {
        return begin(client, ServerUnderTest.USER, ServerUnderTest.PASSWORD);
    }

    static Talk begin(TurnClient client, String user, String password) throws IOException {
        client.with(user, password);
        DatagramSocket peer = new DatagramSocket(0, LOOPBACK);
        peer.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        InetSocketAddress relayed = client.allocate(AllocateOptions.udp()).relayedAddress();
        client.channelBind(CHANNEL, (InetSocketAddress) peer.getLocalSocketAddress());
        Talk talk = new Talk(client, peer, relayed);
        talk.goOn();
        return talk;
    }

    /// One packet there and one back.
    void goOn() throws IOException {
        say();
        hear();
        peerSays(4);
        assertThat(client.receive(PATIENCE)).as("the peer's answer").isPresent();
    }

    TurnClient client() {
        return client;
    }

    /// The client says the next thing.
    void say() {
        client.sendChannel(CHANNEL, ByteBuffer.allocate(4).putInt(0, ++said).array());
    }

    /// The peer hears what was said last.
    void hear() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4], 4);
        peer.receive(packet);
        assertThat(ByteBuffer.wrap(packet.getData()).getInt()).isEqualTo(said);
        assertThat(packet.getPort()).isEqualTo(relayed.getPort());
    }

    /// The peer sends a packet of so many bytes.
    void peerSays(int bytes) throws IOException {
        peer.send(new DatagramPacket(new byte[bytes], bytes, relayed));
    }

    @Override
    public void close() {
        client.close();
        peer.close();
    }
}
