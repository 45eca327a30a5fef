package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class IntegrityKeyTest {
    /// RFC 8489 §9.2.2 gives this key.
    @Test
    void aLongTermKeyIsTheHashOfNameRealmAndPassword() {
        IntegrityKey expected = IntegrityKey.ofBytes(Hex.bytes("8493fbc53ba582fb4c044c456bdc40eb"));

        assertThat(IntegrityKey.longTerm(PasswordAlgorithm.MD5, "user", "realm", "pass"))
                .isEqualTo(expected)
                .hasSameHashCodeAs(expected)
                .isNotEqualTo(
                        IntegrityKey.longTerm(PasswordAlgorithm.SHA_256, "user", "realm", "pass"));
    }

    @Test
    void namesRealmsAndPasswordsArePrepared() {
        assertThat(IntegrityKey.longTerm(PasswordAlgorithm.MD5, "u\u00A0r", "re\u0301", "A\u030A"))
                .isEqualTo(
                        IntegrityKey.longTerm(PasswordAlgorithm.MD5, "u r", "r\u00E9", "\u00C5"));
        assertThat(IntegrityKey.shortTerm("A\u030A")).isEqualTo(IntegrityKey.shortTerm("\u00C5"));
    }

    @Test
    void whatCannotBePreparedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IntegrityKey.longTerm(PasswordAlgorithm.MD5, "", "r", "p"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IntegrityKey.shortTerm("a\u0007"))
                .withMessageNotContaining("\u0007");
    }

    @Test
    void onlyRegisteredAlgorithmsDeriveKeys() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> IntegrityKey.longTerm(new PasswordAlgorithm(3, ""), "u", "r", "p"));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> IntegrityKey.longTerm(new PasswordAlgorithm(1, "00"), "u", "r", "p"));
    }

    @Test
    void theBytesGivenAreCopiedAndNeverShown() {
        byte[] bytes = {1, 2, 3};
        IntegrityKey key = IntegrityKey.ofBytes(bytes);
        bytes[0] = 9;

        assertThat(key).isEqualTo(IntegrityKey.ofBytes(new byte[] {1, 2, 3}));
        assertThat(key).hasToString("IntegrityKey[redacted]");
        assertThatIllegalArgumentException().isThrownBy(() -> IntegrityKey.ofBytes(new byte[0]));
    }
}
