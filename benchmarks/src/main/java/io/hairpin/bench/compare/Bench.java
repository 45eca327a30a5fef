package io.hairpin.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where things are, and how each program is started. Everything stays on loopback; servers have
/// one CPU to themselves, and the generator, its peers and this program the other.
record Bench(Path root, Path output, String coturn, Path limit, int serverCpu, int generatorCpu) {
    static final String ADDRESS = "127.0.0.1";

    /// UDP clients have an address each and one socket together, or the generator would be as busy
    /// as what it measures.
    static final String CLIENTS = "127.64.0.0/10";

    /// What TLS and DTLS come to with every server: Debian's coturn has no TLS 1.3.
    private static final String CIPHER_SUITE = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

    /// How the generator calls that; of DTLS it knows the version alone.
    static final List<String> HANDSHAKES = List.of("TLSv1.2 " + CIPHER_SUITE, "DTLSv1.2");

    private static final String CIPHER_SUITE_OF_OPENSSL = "ECDHE-ECDSA-AES128-GCM-SHA256";

    static final String USER = "bench";
    static final String PASSWORD = "between-two-cores";

    private static final String REALM = "bench.example";

    /// Below the ports that the kernel hands out by itself, of which the generator takes thousands.
    private static final int FIRST_RELAY_PORT = 10_000;

    private static final int LAST_RELAY_PORT = 32_767;

    /// The command that starts a server on a port.
    ///
    /// @param secured whether it serves TLS and DTLS there as well
    /// @param otherPort for what a server has on a port of its own: administration, or more TLS
    List<String> command(ServerKind kind, boolean secured, int port, int otherPort)
            throws IOException {
        List<String> command = new ArrayList<>(pinned(serverCpu));
        switch (kind) {
            case COTURN -> {
                command.addAll(coturn(port));
                command.addAll(
                        secured ? coturnCertificate(otherPort) : List.of("--no-tls", "--no-dtls"));
            }
            case LIMIT -> command.addAll(limit(port));
            case LIMIT_SINGLE -> {
                command.addAll(limit(port));
                command.add("-s");
            }
            case HAIRPIN -> {
                Path configuration = output.resolve("hairpin.yaml");
                Files.writeString(
                        configuration,
                        configuration(port, otherPort) + (secured ? certificate() : ""));
                command.addAll(List.of(hairpin(), "serve", "--config", configuration.toString()));
            }
        }
        return List.copyOf(command);
    }

    /// The command that starts the generator, without what it is to do.
    List<String> generator() {
        List<String> command = new ArrayList<>(pinned(generatorCpu));
        command.addAll(List.of(hairpin(), "load"));
        return List.copyOf(command);
    }

    private String hairpin() {
        return root.resolve("hairpin").toString();
    }

    private static List<String> pinned(int cpu) {
        return List.of("taskset", "-c", Integer.toString(cpu));
    }

    private List<String> limit(int port) {
        return List.of(limit.toString(), "-a", ADDRESS, "-p", Integer.toString(port));
    }

    private static String configuration(int port, int adminPort) {
        return """
        realm: %s
        listeners:
          - { transport: udp, address: %s, port: %d }
          - { transport: tcp, address: %2$s, port: %3$d }
        relay:
          addresses: [ { bind: %2$s } ]
          ports: %d-%d
          threads: 1
        authentication:
          users: { %s: %s }
        peers:
          allow: [ 127.0.0.0/8 ]
        limits:
          allocations-per-user: 20000
          allocations: 20000
          bandwidth: { per-allocation: unlimited } # as with coturn
        admin: { address: %2$s, port: %d }
        log: { level: warn }
        """
                .formatted(
                        REALM,
                        ADDRESS,
                        port,
                        FIRST_RELAY_PORT,
                        LAST_RELAY_PORT,
                        USER,
                        PASSWORD,
                        adminPort);
    }

    private String certificate() {
        return """
        tls:
          certificate: %s
          key: %s
          versions: [ TLSv1.2 ]
          ciphers: [ %s ]
        """
                .formatted(
                        Prerequisites.certificateIn(output),
                        Prerequisites.keyIn(output),
                        CIPHER_SUITE);
    }

    /// TLS and DTLS are served on the port for plain TCP and UDP too.
    private List<String> coturnCertificate(int otherPort) {
        return List.of(
                "--tls-listening-port=" + otherPort,
                "--cert=" + Prerequisites.certificateIn(output),
                "--pkey=" + Prerequisites.keyIn(output),
                "--cipher-list=" + CIPHER_SUITE_OF_OPENSSL);
    }

    /// One relay thread, nothing written anywhere, long-term credentials; the rest as it comes.
    private List<String> coturn(int port) {
        return List.of(
                coturn,
                "-n",
                "--relay-threads=1",
                "--listening-ip=" + ADDRESS,
                "--relay-ip=" + ADDRESS,
                "--listening-port=" + port,
                "--min-port=" + FIRST_RELAY_PORT,
                "--max-port=" + LAST_RELAY_PORT,
                "--lt-cred-mech",
                "--realm=" + REALM,
                "--user=" + USER + ":" + PASSWORD,
                "--allow-loopback-peers",
                "--no-cli",
                "--no-stdout-log",
                "--log-file=/dev/null",
                "--userdb=" + output.resolve("coturn.db"),
                "--pidfile=" + output.resolve("coturn.pid"));
    }
}
