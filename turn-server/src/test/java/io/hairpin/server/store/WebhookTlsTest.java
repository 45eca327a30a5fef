package io.hairpin.server.store;

import static io.hairpin.server.store.UserService.ALICE;
import static io.hairpin.server.store.UserService.ALICES;
import static io.hairpin.server.store.UserService.LOOPBACK;
import static io.hairpin.server.store.UserService.assertFails;
import static io.hairpin.server.store.UserService.url;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.server.auth.Credential;
import io.hairpin.server.tls.Identity;
import io.hairpin.server.tls.SelfSigned;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Which web services are trusted.
@Timeout(30)
class WebhookTlsTest {

    @AutoClose private final UserService service = new UserService();

    @Test
    void aPrivateAuthorityIsTrustedWhereItIsNamed() throws Exception {
        Identity identity = selfSigned(LOOPBACK);
        URI url = service.secure(identity);

        assertThat(service.trusting(url, identity.chain()).find(ALICE).join())
                .containsExactly(ALICES);
        assertFails(
                service.trusting(url, List.of()).find(ALICE),
                "certificate not trusted: unable to find valid certification path to requested"
                        + " target");
        assertFails(
                service.trusting(url, selfSigned(LOOPBACK).chain()).find(ALICE),
                "certificate not trusted: ");
    }

    @Test
    void theCertificateHasToBeTheHosts() throws Exception {
        Identity identity = selfSigned(InetAddress.ofLiteral("127.0.0.2"));

        assertFails(
                service.trusting(service.secure(identity), identity.chain()).find(ALICE),
                "certificate not trusted: No subject alternative names matching IP address"
                        + " 127.0.0.1 found");
    }

    @Test
    void aServiceWithoutTlsIsNotAskedOverIt() throws Exception {
        ServerSocket plain = service.silent();
        CompletableFuture<List<Credential>> answer =
                service.webhook(url("https", plain.getLocalPort())).find(ALICE);
        try (Socket socket = plain.accept()) {
            assertThat(socket.getInputStream().read()).isEqualTo(22); // of a TLS handshake
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));

            assertFails(answer, "TLS failed: ");
        }
    }

    private static Identity selfSigned(InetAddress address) {
        return SelfSigned.of(List.of(address), Instant.now(), new SecureRandom());
    }
}
