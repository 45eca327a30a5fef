package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.Credentials;
import io.hairpin.client.Retransmission;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// Runs against servers that are of no use; the test plays them.
@Timeout(60)
class LoadRunTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Retransmission BRIEF = new Retransmission(Duration.ofMillis(20), 2, 1);

    private DatagramSocket server;

    @BeforeEach
    void open() throws IOException {
        server = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aRunThatIsStoppedReportsWhatItHas() throws Exception {
        LoadRun run = new LoadRun(plan(Optional.empty(), Retransmission.STANDARD), _ -> {}, SHORT);

        CompletableFuture<LoadReport> ended = CompletableFuture.supplyAsync(() -> report(run));
        request();
        run.stop();

        LoadReport report = ended.join();
        assertThat(report.complete()).isFalse();
        assertThat(report.failures()).containsEntry("the run was stopped", 3);
    }

    @Test
    void aServerThatNeverAnswersEndsARun() {
        LoadRun run = new LoadRun(plan(Optional.empty(), BRIEF), _ -> {}, SHORT);

        LoadReport report = report(run);

        assertThat(report.complete()).isTrue();
        assertThat(report.failures()).containsEntry("no answer to ALLOCATE", 3);
    }

    /// The loop is held up where it asks for a client's credentials.
    @Test
    void anEventLoopThatHangsIsLeftBehind() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        Accounts holdUp =
                _ -> {
                    hanging.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return new Credentials("alice", "secret");
                };
        LoadRun run =
                new LoadRun(plan(Optional.of(holdUp), Retransmission.STANDARD), _ -> {}, SHORT);

        try {
            CompletableFuture<LoadReport> ended = CompletableFuture.supplyAsync(() -> report(run));
            challenge();
            hanging.await();

            assertThat(ended.join().complete()).isFalse();
        } finally {
            end.countDown();
        }
    }

    private static LoadReport report(LoadRun run) {
        try {
            return run.run();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private LoadPlan plan(Optional<Accounts> accounts, Retransmission retransmission) {
        return new LoadPlan(
                (InetSocketAddress) server.getLocalSocketAddress(),
                ClientTransport.UDP,
                Optional.empty(),
                accounts,
                3,
                1,
                1,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new SetUpPlan(1, retransmission, 1, Duration.ZERO, false),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                OptionalLong.empty(),
                1);
    }

    private StunMessage request() throws IOException {
        return request(new DatagramPacket(new byte[1000], 1000));
    }

    private StunMessage request(DatagramPacket packet) throws IOException {
        server.receive(packet);
        if (StunDecoder.decode(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()))
                instanceof Decoded.Message(StunMessage request)) {
            return request;
        }
        throw new AssertionError("not a request");
    }

    private void challenge() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
        StunMessage request = request(packet);
        byte[] answer =
                StunMessage.error(
                                request.method(),
                                request.transactionId(),
                                ErrorCode.UNAUTHENTICATED)
                        .with(Attributes.REALM, "example.org")
                        .with(Attributes.NONCE, "nonce")
                        .build()
                        .toBytes();
        server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
    }
}
