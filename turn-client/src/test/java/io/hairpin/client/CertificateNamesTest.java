package io.hairpin.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.cert.CertificateParsingException;

class CertificateNamesTest {

    private static final SelfSigned IDENTITY =
            SelfSigned.of("turn.example.org", "*.relay.example.org", "192.0.2.1", "2001:db8::1");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "turn.example.org",
                "TURN.Example.ORG",
                "turn.example.org.",
                "a.relay.example.org",
                "192.0.2.1",
                "2001:db8::1",
                "2001:DB8:0::1"
            })
    void aServerIsFoundByItsNames(String server) throws CertificateParsingException {
        assertThat(CertificateNames.of(IDENTITY.certificate()).include(server)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "turn.example.com",
                "relay.example.org",
                "a.b.relay.example.org",
                ".relay.example.org",
                "xrelay.example.org",
                "test",
                "192.0.2.2",
                "2001:db8::2",
                ""
            })
    void nobodyElseIs(String server) throws CertificateParsingException {
        assertThat(CertificateNames.of(IDENTITY.certificate()).include(server)).isFalse();
    }
}
