package io.hairpin.server.auth;

import static io.hairpin.stun.PasswordAlgorithm.MD5;
import static io.hairpin.stun.PasswordAlgorithm.SHA_256;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.UserHash;

import org.junit.jupiter.api.Test;

import java.util.Map;

class StaticUsersTest {
    private static final String REALM = "realm";

    /// MD5 of `user:realm:pass`, the example of RFC 8489 §9.2.2.
    private static final String MD5_KEY = "0x8493fbc53ba582fb4c044c456bdc40eb";

    private static final String SHA_256_KEY = "0x" + "ab".repeat(32);

    @Test
    void aPasswordGivesAKeyForEachAlgorithm() {
        StaticUsers users = new StaticUsers(REALM, Map.of("user", "pass"));

        assertThat(users.find("user", MD5)).containsExactly(credential(MD5));
        assertThat(users.find("user", SHA_256)).containsExactly(credential(SHA_256));
        assertThat(users.algorithms()).containsExactlyInAnyOrder(MD5, SHA_256);
    }

    @Test
    void aSixteenByteKeyIsTheMd5Key() {
        StaticUsers users = new StaticUsers(REALM, Map.of("user", MD5_KEY));

        assertThat(users.find("user", MD5)).containsExactly(credential(MD5));
        assertThat(users.find("user", SHA_256)).isEmpty();
        assertThat(users.algorithms()).containsExactly(MD5);
    }

    @Test
    void aThirtyTwoByteKeyIsTheSha256Key() {
        StaticUsers users = new StaticUsers(REALM, Map.of("user", "0x" + "AB".repeat(32)));

        assertThat(users.find("user", SHA_256)).hasSize(1);
        assertThat(users.find("user", MD5)).isEmpty();
        assertThat(users.algorithms()).containsExactly(SHA_256);
    }

    @Test
    void onlyAlgorithmsThatServeEveryUserAreNamed() {
        assertThat(new StaticUsers(REALM, Map.of("a", "pass", "b", MD5_KEY)).algorithms())
                .containsExactly(MD5);
        assertThat(new StaticUsers(REALM, Map.of("a", SHA_256_KEY, "b", MD5_KEY)).algorithms())
                .isEmpty();
        assertThat(new StaticUsers(REALM, Map.of()).algorithms())
                .containsExactlyInAnyOrder(MD5, SHA_256);
    }

    @Test
    void aUserIsFoundByTheHashOfTheName() {
        StaticUsers users = new StaticUsers(REALM, Map.of("user", "pass", "other", "word"));

        assertThat(users.enumerable()).isTrue();
        assertThat(users.findByHash(UserHash.of("user", REALM), MD5))
                .containsExactly(credential(MD5));
        assertThat(users.findByHash(UserHash.of("user", "elsewhere"), MD5)).isEmpty();
        assertThat(users.findByHash(new byte[32], MD5)).isEmpty();
    }

    @Test
    void anUnknownNameOrAlgorithmFindsNothing() {
        StaticUsers users = new StaticUsers(REALM, Map.of("user", "pass"));

        assertThat(users.find("User", MD5)).isEmpty();
        assertThat(users.find("user", new PasswordAlgorithm(7, ""))).isEmpty();
    }

    @Test
    void namesArePreparedBeforeTheyAreKept() {
        StaticUsers users = new StaticUsers(REALM, Map.of("jose\u0301", "pass"));

        assertThat(users.find("jos\u00e9", MD5))
                .singleElement()
                .extracting(Credential::username)
                .isEqualTo("jos\u00e9");
    }

    @Test
    void namesThatAreEqualOncePreparedAreRefused() {
        assertThatThrownBy(
                        () -> new StaticUsers(REALM, Map.of("jose\u0301", "a", "jos\u00e9", "b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("same name");
    }

    @Test
    void anUnusableNamePasswordOrRealmIsRefused() {
        assertThatThrownBy(() -> new StaticUsers(REALM, Map.of("", "pass")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new StaticUsers(REALM, Map.of("tab\there", "pass")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new StaticUsers(REALM, Map.of("user", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("user");
        assertThatThrownBy(() -> new StaticUsers("", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new StaticUsers("r".repeat(128), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyOfAnotherLengthOrNotInHexIsRefusedWithoutRepeatingIt() {
        for (String key :
                new String[] {"0x", "0xdeadbeef", MD5_KEY + "0", "0x" + "zz".repeat(16)}) {
            assertThatThrownBy(() -> new StaticUsers(REALM, Map.of("alice", key)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("alice")
                    .hasMessageNotContaining("beef")
                    .hasMessageNotContaining("zz")
                    .hasMessageNotContaining("8493")
                    .hasNoCause();
        }
    }

    @Test
    void credentialsDoNotPrintTheirKeys() {
        StaticUsers users = new StaticUsers(REALM, Map.of("user", MD5_KEY));

        assertThat(users.find("user", MD5).toString()).doesNotContain("8493fb", "-124");
    }

    private static Credential credential(PasswordAlgorithm algorithm) {
        return new Credential("user", IntegrityKey.longTerm(algorithm, "user", REALM, "pass"));
    }
}
