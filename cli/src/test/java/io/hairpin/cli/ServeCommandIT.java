package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs `hairpin serve` as a process of its own, as an operator would.
@Timeout(60)
class ServeCommandIT {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Pattern UDP_PORT = Pattern.compile("udp 127\\.0\\.0\\.1:(\\d+)");

    /// RFC 8489 §5: Binding request, no attributes, magic cookie, transaction id.
    private static final byte[] BINDING =
            HexFormat.of().parseHex("000100002112a442000102030405060708090a0b");

    private final List<Process> started = new ArrayList<>();

    @TempDir Path folder;

    @AfterEach
    void stopWhatStillRuns() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void itSaysWhatIsServedAnswersAndStopsWhenTold() throws Exception {
        Process serving = serve(configuration(0, "text"));
        BufferedReader out = serving.inputReader();
        List<String> block = readUntil(out, "configuration: ");

        assertThat(block.getFirst()).matches("Hairpin .* is serving");
        assertThat(block)
                .anyMatch(line -> line.matches("  realm example.org"))
                .anyMatch(line -> line.matches("  relaying on 127.0.0.1"))
                .anyMatch(line -> line.matches("  users: 0 users, 1 shared secret"))
                .anyMatch(line -> line.matches("  admin on http://127.0.0.1:[1-9].*"))
                .noneMatch(line -> line.contains("north"));
        assertThat(answerFrom(port(String.join("\n", block))))
                .startsWith("0101")
                .contains("2112a442000102030405060708090a0b");

        serving.toHandle().destroy(); // unlike the process, it leaves the streams open

        assertThat(serving.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(serving.exitValue()).isZero();
        assertThat(out.lines()).last().asString().endsWith("ServerProcess stopped");
        assertThat(serving.errorReader().lines()).isEmpty();
    }

    @Test
    void inJsonEveryLineIsAnEvent() throws Exception {
        Process serving = serve(configuration(0, "json"));
        BufferedReader out = serving.inputReader();
        List<String> lines = new ArrayList<>(readUntil(out, "\"serving\""));

        serving.toHandle().destroy();
        lines.addAll(out.lines().toList());

        assertThat(lines).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(lines).anyMatch(line -> line.contains("udp 127.0.0.1:"));
        assertThat(lines).last().asString().contains("stopped");
    }

    @Test
    void aPortInUseIsOneLineAndAFailure() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, LOOPBACK)) {
            Process serving = serve(configuration(taken.getLocalPort(), "text"));

            assertThat(serving.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(serving.exitValue()).isEqualTo(1);
            assertThat(serving.errorReader().lines())
                    .singleElement()
                    .asString()
                    .startsWith("error: ")
                    .contains(Integer.toString(taken.getLocalPort()));
        }
    }

    /// The AOT cache has no class of picocli's, so that a single one has the JVM open all jars.
    @Test
    void toServeTakesNoClassOfPicocli() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, LOOPBACK)) {
            Process serving = serve(configuration(taken.getLocalPort(), "text"));

            assertThat(serving.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(loadedClasses()))
                    .contains("io.hairpin.server.TurnServer")
                    .doesNotContain("picocli");
        }
    }

    @Test
    void aWrongConfigurationIsAMistake() throws Exception {
        Process serving = serve("realm: example.org\n");

        assertThat(serving.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(serving.exitValue()).isEqualTo(2);
        assertThat(serving.errorReader().lines())
                .singleElement()
                .asString()
                .contains("nobody could authenticate");
        assertThat(serving.inputReader().lines()).isEmpty();
    }

    private Path loadedClasses() {
        return folder.resolve("classes");
    }

    private Process serve(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("hairpin.yaml"), yaml);
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xlog:class+load:file=" + loadedClasses(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve",
                        "--config",
                        file.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("HAIRPIN_"));
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static String configuration(int port, String logFormat) {
        return """
        realm: example.org
        listeners:
          - { transport: udp, address: 127.0.0.1, port: %d }
          - { transport: tcp, address: 127.0.0.1, port: 0 }
        relay:
          addresses: [ { bind: 127.0.0.1 } ]
          threads: 1
        authentication: { shared-secrets: [ north ] }
        admin: { port: 0 }
        log: { format: %s }
        """
                .formatted(port, logFormat);
    }

    private static List<String> readUntil(BufferedReader out, String mark) throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(Objects.requireNonNull(out.readLine(), () -> "ended after " + lines));
        } while (!lines.getLast().contains(mark));
        return lines;
    }

    private static int port(String block) {
        Matcher matcher = UDP_PORT.matcher(block);
        assertThat(matcher.find()).as(block).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private static String answerFrom(int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK)) {
            socket.setSoTimeout(10_000);
            socket.send(
                    new DatagramPacket(
                            BINDING, BINDING.length, new InetSocketAddress(LOOPBACK, port)));
            DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
            socket.receive(answer);
            return HexFormat.of().formatHex(answer.getData(), 0, answer.getLength());
        }
    }
}
