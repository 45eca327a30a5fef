package io.hairpin.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// coturn's `turnserver` on a free loopback port, for UDP, TCP, TLS and DTLS, with the user alice.
public final class CoturnServer {
    public static final String USERNAME = "alice";
    public static final String PASSWORD = "secret";
    static final String REALM = "example.org";

    /// Above the ports that Linux gives out by itself.
    static final int MIN_RELAY_PORT = 61_000;

    static final int MAX_RELAY_PORT = 65_000;

    private static final int ATTEMPTS = 3;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(15);
    private static final ClientOptions PROBE =
            ClientOptions.STANDARD.withRetransmission(
                    new Retransmission(Duration.ofMillis(200), 1, 1));

    private final Process process;
    private final InetSocketAddress address;
    private final SelfSigned identity;

    private CoturnServer(Process process, InetSocketAddress address, SelfSigned identity) {
        this.process = process;
        this.address = address;
        this.identity = identity;
    }

    public static Optional<Path> executable() {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/bin:/usr/local/bin";
        return Stream.of(path.split(":"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "turnserver"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Returns once it answers; chooses another port if somebody else was quicker to take the
    /// first.
    public static CoturnServer start(Path executable, Path directory)
            throws IOException, InterruptedException {
        Path log = directory.resolve("turnserver.log");
        SelfSigned identity = SelfSigned.of("127.0.0.1");
        identity.writeTo(directory);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            InetSocketAddress address = freeAddress();
            Process process =
                    new ProcessBuilder(command(executable, directory, address.getPort()))
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            CoturnServer server = new CoturnServer(process, address, identity);
            boolean answers = false;
            try {
                answers = server.answersInTime();
            } finally {
                if (!answers) {
                    server.stop();
                }
            }
            if (answers) {
                return server;
            }
        }
        throw new IllegalStateException("turnserver does not answer:\n" + Files.readString(log));
    }

    public InetSocketAddress address() {
        return address;
    }

    public SelfSigned identity() {
        return identity;
    }

    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    private static String[] command(Path executable, Path directory, int port) {
        String flags =
                "-n --no-cli --no-rfc5780 --relay-threads 1"
                        + " -L 127.0.0.1 -E 127.0.0.1 --allow-loopback-peers --lt-cred-mech"
                        + " -u %s:%s -r %s -p %d --min-port %d --max-port %d --log-file stdout"
                                .formatted(
                                        USERNAME,
                                        PASSWORD,
                                        REALM,
                                        port,
                                        MIN_RELAY_PORT,
                                        MAX_RELAY_PORT);
        return Stream.concat(
                        Stream.of(executable.toString()),
                        Stream.concat(
                                Stream.of(flags.split(" ")),
                                Stream.of(
                                        "--cert",
                                        directory.resolve(SelfSigned.CERTIFICATE_FILE).toString(),
                                        "--pkey",
                                        directory.resolve(SelfSigned.KEY_FILE).toString(),
                                        "--tls-listening-port",
                                        Integer.toString(port),
                                        "--userdb",
                                        directory.resolve("turndb").toString(),
                                        "--pidfile",
                                        directory.resolve("pid").toString())))
                .toArray(String[]::new);
    }

    /// A port that is free for TCP and for UDP at this moment.
    private static InetSocketAddress freeAddress() throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (ServerSocket tcp = new ServerSocket(0, 1, loopback);
                DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), loopback)) {
            return new InetSocketAddress(loopback, udp.getLocalPort());
        }
    }

    private boolean answersInTime() throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < START_TIMEOUT.toNanos()) {
            if (answers()) {
                return true;
            }
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return false;
    }

    private boolean answers() {
        try (TurnClient udp = TurnClient.udp(address, PROBE);
                TurnClient tcp = TurnClient.tcp(address, PROBE)) {
            return udp.bind().equals(udp.localAddress()) && tcp.bind().equals(tcp.localAddress());
        } catch (ExchangeException | UncheckedIOException notYet) {
            return false;
        }
    }
}
