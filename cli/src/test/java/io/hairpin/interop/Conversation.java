package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.Received;
import io.hairpin.client.TurnClient;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A client that talks to an echoing peer without a pause, and misses nothing that it said.
final class Conversation implements AutoCloseable {

    private static final int CHANNEL = 0x4000;
    private static final int MESSAGE_BYTES = 160;

    /// Messages under way at once.
    private static final int WINDOW = 8;

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final TurnClient client;
    private final Thread thread;
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private volatile CountDownLatch wanted = new CountDownLatch(0);
    private volatile boolean over;

    private Conversation(TurnClient client) {
        this.client = client;
        this.thread = Thread.ofVirtual().unstarted(this::talk);
    }

    /// Begins, by an allocation of the static user of the server.
    static Conversation start(TurnClient client, EchoPeer peer) {
        InetSocketAddress there =
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), peer.port());
        client.with(ServerUnderTest.USER, ServerUnderTest.PASSWORD);
        client.allocate(AllocateOptions.udp());
        client.createPermission(there.getAddress());
        client.channelBind(CHANNEL, there);
        Conversation conversation = new Conversation(client);
        conversation.thread.start();
        return conversation;
    }

    /// Waits until so many messages more have come back.
    void await(int messages) {
        CountDownLatch latch = new CountDownLatch(messages);
        wanted = latch;
        try {
            assertThat(latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .as("%d messages come back within %s", messages, DEADLINE)
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while others talk", e);
        }
    }

    /// Ends it, and fails if anything was lost.
    void end() {
        over = true;
        result.orTimeout(2 * DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private void talk() {
        try {
            long sent = 0;
            long count = 0;
            while (!over || count < sent) {
                while (!over && sent < count + WINDOW) {
                    client.sendChannel(CHANNEL, message(sent));
                    sent++;
                }
                Optional<Received> next = client.receive(DEADLINE);
                assertThat(next).as("the echo of message %d", count).isPresent();
                assertThat(next.orElseThrow().bytes()).isEqualTo(message(count));
                count++;
                wanted.countDown();
            }
            result.complete(null);
        } catch (RuntimeException | AssertionError e) {
            result.completeExceptionally(e);
        }
    }

    private static byte[] message(long number) {
        return ByteBuffer.allocate(MESSAGE_BYTES).putLong(number).array();
    }

    @Override
    public void close() {
        over = true;
        client.close();
    }
}
