package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.server.auth.TurnRestCredential;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.ConfigurationLoader;
import io.hairpin.server.config.Loaded;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A server that logs all it can says nothing of its secrets, nor of what its clients prove with
/// them.
class SecrecyIT {

    private static final String PASSWORD = "TELLTALE-password";
    private static final String SECRET = "TELLTALE-shared-secret";
    private static final byte[] KEY = "TELLTALE-key-of-access-tokens-32".getBytes(UTF_8);

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private Level before = Level.INFO;

    @TempDir Path folder;

    @BeforeEach
    void listen() {
        before = root.getLevel();
        root.setLevel(Level.TRACE);
        logged.start();
        root.addAppender(logged);
    }

    @AfterEach
    void leave() {
        root.detachAppender(logged);
        root.setLevel(before);
    }

    @Test
    void theLogHasNoSecretEvenAtTrace() throws Exception {
        TurnRestCredential guest =
                TurnRestCredential.mint(SECRET, "guest", Instant.now().plusSeconds(600));
        try (TurnServer server = TurnServer.start(configuration())) {
            for (Transport transport : Transport.values()) {
                use(server, transport, "alice", PASSWORD);
                use(server, transport, guest.username(), guest.password());
                assertThatThrownBy(() -> use(server, transport, "alice", PASSWORD + "-wrong"))
                        .hasMessageNotContaining("TELLTALE");
            }
            assertThat(Metrics.scrape(server)).doesNotContain("TELLTALE");
            assertThat(server.describe().toString()).doesNotContain("TELLTALE");
        }

        List<String> lines = List.copyOf(logged.list).stream().map(SecrecyIT::text).toList();
        assertThat(lines).anyMatch(line -> line.contains("ALLOCATE"));
        for (String secret :
                List.of(
                        "TELLTALE",
                        guest.password(),
                        HexFormat.of().formatHex(KEY),
                        Base64.getEncoder().encodeToString(KEY))) {
            assertThat(lines).noneMatch(line -> line.contains(secret));
        }
    }

    private static String text(ILoggingEvent event) {
        return event.getFormattedMessage()
                + (event.getThrowableProxy() == null
                        ? ""
                        : ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }

    private static void use(TurnServer server, Transport transport, String user, String password)
            throws Exception {
        InetSocketAddress address = Clients.address(server, transport, AddressFamily.IPV4);
        try (TurnClient client =
                switch (transport) {
                    case UDP -> TurnClient.udp(address).with(user, password);
                    case TCP -> TurnClient.tcp(address).with(user, password);
                    case TLS -> TurnClient.tls(address, Clients.ANY_SERVER).with(user, password);
                    case DTLS -> TurnClient.dtls(address, Clients.ANY_SERVER).with(user, password);
                }) {
            client.allocate(AllocateOptions.udp());
            client.createPermission(TestConfiguration.LOOPBACK_4);
            client.channelBind(0x4000, new InetSocketAddress(TestConfiguration.LOOPBACK_4, 9));
        }
    }

    private Configuration configuration() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("hairpin.yaml"),
                        """
                        realm: example.org
                        listeners:
                          - { transport: udp, address: 127.0.0.1, port: 0 }
                          - { transport: tcp, address: 127.0.0.1, port: 0 }
                        tls: { self-signed: true }
                        relay: { addresses: [ { bind: 127.0.0.1 } ], threads: 1 }
                        peers: { allow: [ 127.0.0.0/8 ] }
                        authentication:
                          users: { alice: %s }
                          shared-secrets: [ %s ]
                          oauth:
                            server-name: turn.example.org
                            keys: [ { id: north, key: %s } ]
                        admin: { port: 0 }
                        log: { level: trace }
                        """
                                .formatted(
                                        PASSWORD, SECRET, Base64.getEncoder().encodeToString(KEY)));
        return switch (ConfigurationLoader.load(file, Map.of())) {
            case Loaded.Valid(Configuration configuration) -> configuration;
            case Loaded.Invalid invalid -> throw new AssertionError(invalid.toString());
        };
    }
}
