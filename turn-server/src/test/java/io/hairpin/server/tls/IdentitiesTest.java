package io.hairpin.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

class IdentitiesTest {

    @TempDir static Path folder;

    private static Identity first;
    private static Identity wildcard;
    private static Identity exact;

    @BeforeAll
    static void makeCertificates() {
        OpenSsl openssl = new OpenSsl(folder);
        first = openssl.certificate("first", "example.org").read();
        wildcard = openssl.certificate("wildcard", "*.example.net", "Example.NET").read();
        exact = openssl.certificate("exact", "turn.example.net").read();
    }

    @Test
    void anExactNameIsChosenBeforeAWildcardAndThatBeforeTheFirst() {
        Identities identities = new Identities(List.of(first, wildcard, exact));

        assertThat(identities.identity("turn.example.net")).isSameAs(exact);
        assertThat(identities.identity("TURN.example.net.")).isSameAs(exact);
        assertThat(identities.identity("stun.example.net")).isSameAs(wildcard);
        assertThat(identities.identity("example.net")).isSameAs(wildcard);
        assertThat(identities.identity("a.b.example.net")).isSameAs(first);
        assertThat(identities.identity("elsewhere.org")).isSameAs(first);
        assertThat(identities.identity("")).isSameAs(first);
        assertThat(identities.identity(null)).isSameAs(first);
    }

    @Test
    void replacedOnesServeNoNewHandshakeButFinishThoseUnderWay() {
        Identities identities = new Identities(List.of(first));
        String alias = identities.candidates(null).getFirst().alias();

        identities.replace(List.of(exact));

        assertThat(identities.identity("example.org")).isSameAs(exact);
        assertThat(identities.byAlias(alias)).isSameAs(first);
        assertThat(identities.candidates(null).getFirst().alias()).isNotEqualTo(alias);

        identities.replace(List.of(wildcard));

        assertThat(identities.byAlias(alias)).isNull();
        assertThat(identities.byAlias("nonsense")).isNull();
    }

    @Test
    void aSelfSignedOneIsForLocalhostAndTheAddresses() throws Exception {
        Instant now = Instant.parse("2026-11-21T10:00:00Z");
        List<InetAddress> addresses =
                List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

        Identity identity = SelfSigned.of(addresses, now, new SecureRandom());

        assertThat(identity.names()).containsExactly("localhost");
        assertThat(identity.namesAndAddresses())
                .containsExactly("localhost", "0:0:0:0:0:0:0:1", "127.0.0.1");
        assertThat(identity.expires()).isEqualTo("2027-11-21T10:00:00Z");
        assertThat(identity.certificate().getNotBefore().toInstant()).isBefore(now);
        assertThat(identity.key().getAlgorithm()).isEqualTo("EC");
        identity.certificate().verify(identity.certificate().getPublicKey());
    }
}
