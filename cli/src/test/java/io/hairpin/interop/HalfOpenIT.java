package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.TlsOptions;
import io.hairpin.client.TurnClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/// Ten thousand handshakes that are begun and left alone cost the server nothing that stays, and
/// nobody else the server.
@Alone
class HalfOpenIT {

    private static final int COUNT = 10_000;

    /// How many handshakes are begun between two looks at how others are served.
    private static final int BATCH = 1000;

    /// What a legitimate client may have to wait for a handshake and an answer.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// Connections that may come and go meanwhile, such as those that metrics are read by.
    private static final int FEW = 10;

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    /// What may stay in use of the heap: a fifth of a kilobyte for each handshake.
    private static final long HEAP_SLACK = 2L << 20;

    /// A class in a histogram of the heap: its bytes and its name.
    private static final Pattern ROW =
            Pattern.compile("^ *\\d+: +\\d+ +(\\d+) +(\\S+)", Pattern.MULTILINE);

    /// What the process may have grown by, in KiB: a heap that it keeps in reserve, at less than
    /// half of what so many handshakes would take at once.
    private static final long RESIDENT_SLACK = 150_000;

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static Authority authority;
    private static ServerUnderTest server;

    @BeforeAll
    static void startServer(@TempDir Path folder) {
        authority = Authority.in(folder);
        server =
                ServerUnderTest.startSecure(
                        folder,
                        authority.forServer(),
                        Map.of(
                                "limits.tls-handshake-timeout", "2s",
                                "limits.tcp-first-message-timeout", "2s",
                                "limits.tcp-connections", "12000",
                                "limits.tls-handshakes", "12000",
                                "limits.dtls-handshake-timeout", "2s"));
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    /// A handshake that was begun.
    private interface Begin {
        Closeable begin(int number) throws IOException;
    }

    @Test
    void halfOpenHandshakesOfTlsLeaveNothing() throws IOException {
        byte[] hello = clientHello();
        InetSocketAddress there = address("tls");

        assertNothingStays(
                number -> {
                    SocketChannel channel = SocketChannel.open(there);
                    int length =
                            switch (number % 10) {
                                case 0, 1, 2, 3 -> 0;
                                case 4 -> hello.length; // the whole answer stays unread
                                default -> hello.length / 2;
                            };
                    channel.write(ByteBuffer.wrap(hello, 0, length));
                    return channel;
                },
                HalfOpenIT::bindOverTls);
    }

    @Test
    void helloesOfDtlsWithoutTheCookieLeaveNothing() throws IOException {
        assertNothingStays(
                _ -> {
                    DtlsHello hello = DtlsHello.to(LOOPBACK, port("dtls"));
                    hello.send(0, new byte[0]);
                    return hello;
                },
                HalfOpenIT::bindOverDtls);
    }

    @Test
    void handshakesOfDtlsThatEndAfterTheCookieLeaveNothing() throws IOException {
        assertNothingStays(
                _ -> {
                    DtlsHello hello = DtlsHello.to(LOOPBACK, port("dtls"));
                    hello.send(1, DtlsHello.cookie(hello.sendWithoutCookie()));
                    return hello;
                },
                HalfOpenIT::bindOverDtls);
    }

    private static void assertNothingStays(Begin handshake, Runnable legitimateClient)
            throws IOException {
        legitimateClient.run();
        double files = files();
        long heap = heapInUse();
        long resident = residentKib();
        List<Closeable> begun = new ArrayList<>(COUNT);
        try {
            for (int i = 0; i < COUNT; i++) {
                begun.add(handshake.begin(i));
                if (i % BATCH == 0) {
                    assertServed(legitimateClient);
                }
            }
            assertServed(legitimateClient);

            // Nobody has hung up, so it is the server that forgets them all.
            await("the server to forget all", () -> files() < files + FEW && handshakes() == 0);
        } finally {
            for (Closeable each : begun) {
                each.close();
            }
        }
        assertServed(legitimateClient);
        assertThat(heapInUse()).as("bytes of heap in use").isLessThan(heap + HEAP_SLACK);
        assertThat(residentKib()).as("resident KiB").isLessThan(resident + RESIDENT_SLACK);
        server.assertUnharmed();
    }

    private static void assertServed(Runnable legitimateClient) {
        long start = System.nanoTime();
        legitimateClient.run();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
    }

    private static void bindOverTls() {
        bind(TurnClient.tls(address("tls"), TlsOptions.of(authority.trust())));
    }

    private static void bindOverDtls() {
        bind(TurnClient.dtls(address("dtls"), TlsOptions.of(authority.trust())));
    }

    private static void bind(TurnClient client) {
        try (client) {
            assertThat(client.bind()).isEqualTo(client.localAddress());
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as(what).isLessThan(DEADLINE);
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static double files() {
        return server.metric("process_files_open_files");
    }

    private static double handshakes() {
        return server.metric("hairpin_limit_used", "limit=\"dtls-handshakes\"");
    }

    /// What the server's objects take that it can still reach, in bytes.
    private static long heapInUse() {
        jcmd("GC.run");
        jcmd("GC.run_finalization"); // Netty's engines of TLS are finalized, and then collected
        return ROW.matcher(jcmd("GC.class_histogram")) // which collects garbage before it counts
                .results()
                .filter(row -> !row.group(2).contains("FillerElement")) // gaps, not objects
                .mapToLong(row -> Long.parseLong(row.group(1)))
                .sum();
    }

    private static String jcmd(String command) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Program.Finished run =
                Program.run(
                        List.of(jcmd.toString(), Long.toString(server.pid()), command), DEADLINE);
        assertThat(run.exitCode()).as(run.output()).isZero();
        return run.output();
    }

    private static long residentKib() throws IOException {
        try (Stream<String> status =
                Files.lines(Path.of("/proc", Long.toString(server.pid()), "status"))) {
            return status.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static byte[] clientHello() {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), hello);
            return Arrays.copyOf(hello.array(), hello.position());
        } catch (NoSuchAlgorithmException | SSLException e) {
            throw new IllegalStateException("the JDK makes no ClientHello", e);
        }
    }

    private static InetSocketAddress address(String listener) {
        return new InetSocketAddress(LOOPBACK, port(listener));
    }

    private static int port(String listener) {
        return server.port(listener, "127.0.0.1");
    }
}
