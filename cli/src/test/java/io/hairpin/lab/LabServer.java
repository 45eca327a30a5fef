package io.hairpin.lab;

import io.hairpin.interop.Authority;
import io.hairpin.interop.Program;
import io.hairpin.interop.ServerUnderTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Hairpin on the lab's internet: UDP and TCP on 3478, TLS on 443 with a certificate of the lab's
/// own authority.
final class LabServer implements AutoCloseable {

    private static final String SECRET = "north";
    private static final Duration CREDENTIALS_LAST = Duration.ofHours(1);
    private static final Duration START_DEADLINE = Duration.ofMinutes(3);

    static final Path LAUNCHER = Path.of("..", "hairpin").toAbsolutePath().normalize();

    private final Program program;
    private final Authority authority;
    private final AtomicInteger users = new AtomicInteger();

    private LabServer(Program program, Authority authority) {
        this.program = program;
        this.authority = authority;
    }

    static LabServer start(Internet internet, Path folder) {
        Authority authority = Authority.in(folder, "NAT Lab Authority");
        Authority.Issued certificate = authority.forServer();
        Path chain = folder.resolve("chain.pem");
        Path configuration = folder.resolve("hairpin.yaml");
        String text =
                """
                realm: example.org
                listeners:
                  - { transport: udp, address: %1$s, port: 3478 }
                  - { transport: tcp, address: %1$s, port: 3478 }
                  - { transport: tls, address: %1$s, port: 443 }
                tls: { certificate: %2$s, key: %3$s }
                relay: { addresses: [ { bind: %1$s } ] }
                authentication:
                  shared-secrets: [ %4$s ]
                peers: # addresses for documentation, which are denied elsewhere
                  allow: [ %1$s/32, %5$s0/24 ]
                nat-discovery: { alternate-address: %6$s, alternate-port: 3479 }
                admin: { address: 127.0.0.1, port: 0 }
                """
                        .formatted(
                                Internet.SERVER,
                                chain,
                                certificate.key(),
                                SECRET,
                                Internet.OUTSIDE,
                                Internet.SECOND);
        try {
            Files.writeString(
                    chain,
                    Files.readString(certificate.certificate())
                            + Files.readString(authority.own().certificate()));
            Files.writeString(configuration, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Program program =
                Program.start(
                        internet.namespace()
                                .command(
                                        List.of(
                                                LAUNCHER.toString(),
                                                "serve",
                                                "-c",
                                                configuration.toString())),
                        environment());
        program.awaitOutput("data path", START_DEADLINE);
        return new LabServer(program, authority);
    }

    /// What `./hairpin` is told: to run what is built, on this Java.
    static Map<String, String> environment() {
        return Map.of(
                "HAIRPIN_BUILD", "never", "HAIRPIN_JAVA_HOME", System.getProperty("java.home"));
    }

    /// What a browser is given to find it: every way there is, so that the choice is its own, and
    /// credentials for a user of its own, as applications make them: what a browser that was ended
    /// leaves behind counts against nobody else's quota.
    List<Map<String, Object>> iceServers() {
        String name = Authority.SERVER_NAME;
        long expiry = Instant.now().plus(CREDENTIALS_LAST).getEpochSecond();
        String username = expiry + ":browser-" + users.incrementAndGet();
        return List.of(
                Map.of("urls", List.of("stun:%s:3478".formatted(name))),
                Map.of(
                        "urls",
                        List.of(
                                "turn:%s:3478?transport=udp".formatted(name),
                                "turn:%s:3478?transport=tcp".formatted(name),
                                "turns:%s:443?transport=tcp".formatted(name)),
                        "username",
                        username,
                        "credential",
                        credential(username)));
    }

    private static String credential(String username) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            byte[] code = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(code);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA1", e);
        }
    }

    /// What a name server in such a network would say of it, as a line of /etc/hosts. For UDP,
    /// Chromium asks for the name with a dot behind it.
    String name(Kind kind) {
        String address = kind.isIpv6() ? Internet.translated(Internet.SERVER) : Internet.SERVER;
        return "%1$s %2$s %2$s.%n".formatted(address, Authority.SERVER_NAME);
    }

    /// What has browsers trust the authority of its certificate.
    String trust() {
        return "--ignore-certificate-errors-spki-list=" + authority.own().publicKeyFingerprint();
    }

    void assertUnharmed() {
        ServerUnderTest.assertUnharmed(program);
    }

    @Override
    public void close() {
        program.close();
    }
}
