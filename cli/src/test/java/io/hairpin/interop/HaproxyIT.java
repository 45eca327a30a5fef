package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hairpin.client.ExchangeException;
import io.hairpin.client.TlsOptions;
import io.hairpin.client.TurnClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// HAProxy in front tells by the PROXY protocol who its clients are, and is believed if it comes
/// from where proxies are.
class HaproxyIT {

    private static Path folder;
    private static Authority authority;
    private static ServerUnderTest server;
    private static EchoPeer peer;

    @BeforeAll
    static void startServerAndPeer(@TempDir Path files) {
        Tool.HAPROXY.path();
        Tool.UCLIENT.path();
        folder = files;
        authority = Authority.in(files);
        peer = EchoPeer.start();
        server =
                ServerUnderTest.startSecure(
                        files,
                        authority.forServer(),
                        Map.of("proxy-protocol.from", "[ %s/32 ]".formatted(Haproxy.ADDRESS)));
    }

    @AfterAll
    static void stopServerAndPeer() {
        if (server != null) {
            server.close();
        }
        if (peer != null) {
            peer.close();
        }
    }

    @AfterEach
    void theServerIsUnharmed() {
        server.assertUnharmed();
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({"tcp, send-proxy-v2", "tcp, send-proxy", "tls, send-proxy-v2", "tls, send-proxy"})
    void clientsLearnTheirTrueAddress(String listener, String header) {
        try (Haproxy proxy = start(listener, header, Haproxy.ADDRESS)) {
            for (String address : List.of("127.0.0.1", "::1")) {
                InetSocketAddress front =
                        new InetSocketAddress(InetAddress.ofLiteral(address), proxy.port());
                try (TurnClient plain = TurnClient.tcp(front);
                        TurnClient encrypted = TurnClient.tls(front, tls())) {
                    assertThat(plain.bind()).isEqualTo(plain.localAddress());
                    assertThat(encrypted.bind()).isEqualTo(encrypted.localAddress());
                }
            }
        }
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({
        "tcp, send-proxy-v2, -t -m 10",
        "tcp, send-proxy-v2, -t -S -m 10",
        "tls, send-proxy-v2, -t -S -m 10",
        "tls, send-proxy, -t -S -m 10 -s"
    })
    void nothingIsLostBehindAProxy(String listener, String header, String options) {
        try (Haproxy proxy = start(listener, header, Haproxy.ADDRESS)) {
            Uclient uclient = Uclient.of(server, peer).on(proxy.port());

            uclient.losesNothing(10, options.split(" ", -1));
        }
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({"tcp, send-proxy-v2", "tls, send-proxy"})
    void aHeaderFromElsewhereIsRefused(String listener, String header) {
        try (Haproxy proxy = start(listener, header, "127.0.0.1");
                TurnClient client =
                        TurnClient.tcp(
                                new InetSocketAddress(
                                        InetAddress.ofLiteral("127.0.0.1"), proxy.port()))) {
            assertThatThrownBy(client::bind).isInstanceOf(ExchangeException.class);
        }
    }

    private static Haproxy start(String listener, String header, String source) {
        return Haproxy.start(folder, server.port(listener, "127.0.0.1"), header, source);
    }

    private static TlsOptions tls() {
        return TlsOptions.of(authority.trust());
    }
}
