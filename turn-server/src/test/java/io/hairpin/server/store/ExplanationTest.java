package io.hairpin.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

class ExplanationTest {

    @Test
    void aConnectionThatBrokeOffBecauseOfItsHandshakeIsOneWithoutTls() {
        SSLException handshake = new SSLException("plaintext connection?");
        IOException closed = new IOException("received no bytes", handshake);

        assertThat(Explanation.cause(new CompletionException(closed))).isSameAs(handshake);
        assertThat(explained(closed)).hasMessage("TLS failed: plaintext connection?");
        assertThat(explained(handshake)).hasMessage("TLS failed: plaintext connection?");
    }

    @Test
    void aCertificateIsBlamedHoweverItsRefusalIsWrapped() {
        SSLException handshake = new SSLHandshakeException("handshake");
        handshake.initCause(new CertificateException("expired"));

        assertThat(explained(new IOException("received no bytes", handshake)))
                .hasMessage("certificate not trusted: expired");
    }

    @Test
    void aConnectionThatWasClosedIsThat() {
        assertThat(explained(new CompletionException(new IOException("received no bytes"))))
                .hasMessage("the connection was closed without an answer");
    }

    private static Throwable explained(Throwable failure) {
        return Explanation.of(failure, Duration.ofSeconds(5));
    }
}
