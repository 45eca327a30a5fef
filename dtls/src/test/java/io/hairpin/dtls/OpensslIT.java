package io.hairpin.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hairpin.net.SocketKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// What OpenSSL makes of a server, on sockets of each kind.
class OpensslIT {

    private static final String TOOL = "openssl";

    /// Makes a ClientHello of more than one datagram where these are small.
    private static final String[] LONG_HELLO = {
        "-servername", "a-rather-long-name-of-a-server.example.org",
        "-alpn", "stun.turn,stun.nat-discovery"
    };

    static List<SocketKind> kinds() {
        return Arrays.stream(SocketKind.values()).filter(SocketKind::isAvailable).toList();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void messagesPassBothWays(SocketKind kind) throws Exception {
        try (EchoServer server = new EchoServer(kind, _ -> TestIdentity.ECDSA)) {
            String output = talk(server, "-dtls1_2");

            assertThat(output).contains("Protocol  : DTLSv1.2", "Extended master secret: yes");
            assertThat(Recorder.next(server.served.messages)).isEqualTo("echo this\n");
            assertThat(Recorder.next(server.served.events)).isEqualTo("closed");
            assertThat(server.faults).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aClientHelloInPartsIsUnderstood(SocketKind kind) throws Exception {
        try (EchoServer server = new EchoServer(kind, _ -> TestIdentity.ECDSA)) {
            String output = talk(server, with(LONG_HELLO, "-dtls1_2", "-mtu", "256"));

            assertThat(output).contains("ALPN protocol: stun.turn", "echo this");
            assertThat(server.faults).isEmpty();
        }
    }

    @Test
    void everyCipherSuiteThatIsOfferedWorks() throws Exception {
        for (String suite :
                List.of(
                        "ECDHE-ECDSA-AES128-GCM-SHA256",
                        "ECDHE-ECDSA-AES256-GCM-SHA384",
                        "ECDHE-ECDSA-CHACHA20-POLY1305")) {
            try (EchoServer server = new EchoServer(SocketKind.best(), _ -> TestIdentity.ECDSA)) {
                assertThat(talk(server, "-dtls1_2", "-cipher", suite)).contains(suite);
            }
        }
    }

    @Test
    void certificatesOfEveryKindWork() throws Exception {
        for (DtlsIdentity identity :
                List.of(
                        TestIdentity.rsa("turn.example.org"),
                        TestIdentity.ed25519("turn.example.org"))) {
            try (EchoServer server = new EchoServer(SocketKind.best(), _ -> identity)) {
                assertThat(talk(server, "-dtls1_2")).contains("echo this");
            }
        }
    }

    @Test
    void aClientThatNamesNobodyIsServed() throws Exception {
        try (EchoServer server = new EchoServer(SocketKind.best(), _ -> TestIdentity.ECDSA)) {
            assertThat(talk(server, "-dtls1_2", "-noservername")).contains("echo this");
        }
    }

    @Test
    void aClientWithoutAnAcceptableCipherSuiteIsToldSo() throws Exception {
        try (EchoServer server = new EchoServer(SocketKind.best(), _ -> TestIdentity.ECDSA)) {
            String output = run(server, "", "-dtls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA");

            assertThat(output).contains("handshake failure");
            assertThat(Recorder.next(server.served.failures))
                    .isEqualTo(DtlsFailure.NOTHING_IN_COMMON);
        }
    }

    @Test
    void aClientOfDtls10IsToldThatItIsTooOld() throws Exception {
        try (EchoServer server = new EchoServer(SocketKind.best(), _ -> TestIdentity.ECDSA)) {
            String output = run(server, "", "-dtls1", "-cipher", "ALL:@SECLEVEL=0");

            assertThat(output).contains("alert protocol version");
            assertThat(Recorder.next(server.served.failures)).isEqualTo(DtlsFailure.OLD_VERSION);
            assertThat(server.served.sessions).isEmpty();
        }
    }

    /// Sends a line, waits until it is back, and says goodbye.
    private static String talk(EchoServer server, String... options) throws Exception {
        return run(server, "echo this", options);
    }

    @SuppressWarnings("JdkObsolete") // one thread appends, another reads
    private static String run(EchoServer server, String line, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(path(), "s_client"));
        command.addAll(List.of(options));
        command.addAll(List.of("-connect", "127.0.0.1:" + server.address().getPort()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();
                BufferedWriter input = process.outputWriter(StandardCharsets.UTF_8)) {
            StringBuffer output = new StringBuffer();
            Future<?> reading = reader.submit(() -> read(process.getInputStream(), output));
            if (!line.isEmpty()) {
                Recorder.next(server.served.sessions);
                input.write(line + "\n");
                input.flush();
                await().until(() -> output.toString().contains(line));
            }
            process.getOutputStream().close(); // which ends the session
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(output.toString()).isTrue();
            reading.get();
            return output.toString();
        } finally {
            process.destroyForcibly();
        }
    }

    @SuppressWarnings("JdkObsolete")
    private static Void read(InputStream from, StringBuffer to) throws IOException {
        byte[] buffer = new byte[4096];
        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
            to.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
        }
        return null;
    }

    private static String[] with(String[] some, String... others) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(others));
        return all.toArray(String[]::new);
    }

    /// The program's path. Where it is not installed the test is left out, unless the environment
    /// has `REQUIRE_INTEROP`.
    private static String path() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, TOOL))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(OpensslIT::leaveOut);
    }

    private static RuntimeException leaveOut() {
        String reason = TOOL + " is not installed; Debian package openssl";
        if (System.getenv().getOrDefault("REQUIRE_INTEROP", "").isEmpty()) {
            return new TestAbortedException(reason);
        }
        throw new AssertionError(reason + "; REQUIRE_INTEROP lets no test be left out");
    }
}
