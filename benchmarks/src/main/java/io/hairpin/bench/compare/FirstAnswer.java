package io.hairpin.bench.compare;

import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Asks a server that is starting, every other millisecond, until it answers.
final class FirstAnswer implements AutoCloseable {
    private static final int INTERVAL_MILLIS = 2;

    private final DatagramChannel channel;
    private final Selector selector;
    private final ByteBuffer request =
            ByteBuffer.wrap(
                    StunMessage.request(Method.BINDING, TransactionId.random(new SecureRandom()))
                            .build()
                            .toBytes());
    private final ByteBuffer answer = ByteBuffer.allocate(1500);

    FirstAnswer() throws IOException {
        channel = DatagramChannel.open();
        selector = Selector.open();
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral(Bench.ADDRESS), 0))
                .configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
    }

    /// Returns as soon as there is an answer to a Binding request. A channel that is not connected
    /// does not hear that nobody listens yet.
    void await(String host, int port, Duration patience, BooleanSupplier alive) throws IOException {
        InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral(host), port);
        long deadline = System.nanoTime() + patience.toNanos();
        while (!answered()) {
            if (!alive.getAsBoolean()) {
                throw new CompareException("it ended before it answered");
            }
            if (System.nanoTime() > deadline) {
                throw new CompareException("no answer within " + patience.toSeconds() + " s");
            }
            channel.send(request.rewind(), server);
            selector.select(INTERVAL_MILLIS);
            selector.selectedKeys().clear();
        }
    }

    /// An answer has the transaction id of the request, which takes all but its first four bytes.
    private boolean answered() throws IOException {
        while (channel.receive(answer.clear()) != null) {
            int known = request.capacity() - 4;
            if (answer.flip().remaining() >= 4 + known
                    && answer.slice(4, known).equals(request.slice(4, known))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
