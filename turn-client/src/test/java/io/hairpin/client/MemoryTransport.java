package io.hairpin.client;

import io.hairpin.stun.Decoded;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Carries packets to a server that is a function, and its answers back after a delay.
final class MemoryTransport implements Transport {
    static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 3478);
    static final Duration ONE_WAY = Duration.ofMillis(10);

    private final SimulatedTime time;
    private final boolean reliable;
    private final Function<StunMessage, Optional<StunMessage>> server;
    private final List<Sent> sent = new ArrayList<>();
    private Optional<Inbound> inbound = Optional.empty();
    private boolean closed;

    MemoryTransport(
            SimulatedTime time,
            boolean reliable,
            Function<StunMessage, Optional<StunMessage>> server) {
        this.time = time;
        this.reliable = reliable;
        this.server = server;
    }

    List<Sent> sent() {
        return sent;
    }

    List<Duration> sendingTimes() {
        return sent.stream().map(Sent::at).toList();
    }

    StunMessage lastSent() {
        return sent.getLast().message();
    }

    void deliver(byte[] packet) {
        inbound().packet(ByteBuffer.wrap(packet));
    }

    Inbound inbound() {
        return inbound.orElseThrow();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public boolean reliable() {
        return reliable;
    }

    @Override
    public InetSocketAddress localAddress() {
        return new InetSocketAddress("198.51.100.1", 50_000);
    }

    @Override
    public void start(Inbound started) {
        inbound = Optional.of(started);
    }

    @Override
    public void send(ByteBuffer packet) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        Decoded decoded = StunDecoder.decode(packet);
        if (!(decoded instanceof Decoded.Message(StunMessage message))) {
            throw new IllegalStateException("only STUN is spoken here: " + decoded);
        }
        sent.add(new Sent(time.elapsed(), message));
        server.apply(message)
                .ifPresent(answer -> time.after(ONE_WAY, () -> deliver(answer.toBytes())));
    }

    @Override
    public void close() {
        closed = true;
        inbound().ended(new ClosedChannelException());
    }

    record Sent(Duration at, StunMessage message) {}
}
