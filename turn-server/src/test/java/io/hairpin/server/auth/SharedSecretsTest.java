package io.hairpin.server.auth;

import static io.hairpin.stun.PasswordAlgorithm.MD5;
import static io.hairpin.stun.PasswordAlgorithm.SHA_256;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.UserHash;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

class SharedSecretsTest {
    private static final String REALM = "example.org";
    private static final Instant EXPIRY = Instant.ofEpochSecond(1_800_000_000);
    private static final Duration LEFT = Duration.ofHours(1);
    private static final String NAME = "1800000000:alice";

    private final TestClock clock = new TestClock(EXPIRY.minus(LEFT));

    @Test
    void eachSecretGivesOneCandidate() {
        SharedSecrets secrets = new SharedSecrets(REALM, List.of("north", "south"), clock);

        assertThat(secrets.find(NAME, MD5))
                .containsExactly(credential("north", MD5), credential("south", MD5));
        assertThat(secrets.find(NAME, SHA_256))
                .containsExactly(credential("north", SHA_256), credential("south", SHA_256));
    }

    @Test
    void aCredentialExpiresInTheSecondItsNameSays() {
        SharedSecrets secrets = new SharedSecrets(REALM, List.of("north"), clock);

        clock.set(EXPIRY.minusMillis(1));
        assertThat(secrets.find(NAME, MD5)).extracting(Credential::isExpired).containsOnly(false);
        clock.set(EXPIRY);
        assertThat(secrets.find(NAME, MD5)).extracting(Credential::isExpired).containsOnly(true);
    }

    @Test
    void aTimestampAloneIsANameToo() {
        SharedSecrets secrets = new SharedSecrets(REALM, List.of("north"), clock);

        assertThat(secrets.find("1800000000", MD5)).hasSize(1);
    }

    @Test
    void aNameThatDoesNotBeginWithAPlausibleTimestampIsNotOfThisKind() {
        SharedSecrets secrets = new SharedSecrets(REALM, List.of("north"), clock);

        for (String name :
                List.of(
                        "alice",
                        "",
                        ":alice",
                        "alice:1800000000",
                        "180000000:alice", // nine digits
                        "1800000000000:alice", // milliseconds
                        "99999999999999999999999:alice",
                        "-1800000000:alice",
                        "+1800000000:alice",
                        "1800000000 :alice",
                        "18000000x0:alice",
                        "\u0661\u0668\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660:alice")) {
            assertThat(secrets.find(name, MD5)).as(name).isEmpty();
        }
    }

    @Test
    void nobodyIsFoundByHash() {
        SharedSecrets secrets = new SharedSecrets(REALM, List.of("north"), clock);

        assertThat(secrets.enumerable()).isFalse();
        assertThat(secrets.findByHash(UserHash.of(NAME, REALM), MD5)).isEmpty();
    }

    @Test
    void bothAlgorithmsAreServedAndNoOther() {
        SharedSecrets secrets = new SharedSecrets(REALM, List.of("north"), clock);

        assertThat(secrets.algorithms()).containsExactlyInAnyOrder(MD5, SHA_256);
        assertThat(secrets.find(NAME, new PasswordAlgorithm(7, ""))).isEmpty();
    }

    @Test
    void noneEmptyOrTooManySecretsAreRefused() {
        assertThatThrownBy(() -> new SharedSecrets(REALM, List.of(), clock))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SharedSecrets(REALM, List.of(""), clock))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () ->
                                new SharedSecrets(
                                        REALM,
                                        Collections.nCopies(SharedSecrets.MAX_SECRETS + 1, "s"),
                                        clock))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void credentialsPrintNeitherSecretNorPassword() {
        SharedSecrets secrets = new SharedSecrets(REALM, List.of("north"), clock);
        String password = TurnRestCredential.mint("north", "alice", EXPIRY).password();

        assertThat(secrets.find(NAME, MD5).toString()).doesNotContain("north", password);
    }

    private static Credential credential(String secret, PasswordAlgorithm algorithm) {
        String password = TurnRestCredential.mint(secret, "alice", EXPIRY).password();
        return new Credential(NAME, IntegrityKey.longTerm(algorithm, NAME, REALM, password), LEFT);
    }
}
