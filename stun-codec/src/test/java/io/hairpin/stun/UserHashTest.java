package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class UserHashTest {
    /// The value in RFC 8489 appendix B.1.
    @Test
    void itIsTheHashOfNameAndRealm() {
        assertThat(UserHash.of("\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9", "example.org"))
                .isEqualTo(
                        Hex.bytes(
                                "4a3cf38fef6992bda952c6780417da0f"
                                        + "24819415569e60b205c46e41407f1704"));
    }

    @Test
    void bothPartsArePrepared() {
        assertThat(UserHash.of("A\u030A", "a\u00A0b")).isEqualTo(UserHash.of("\u00C5", "a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> UserHash.of("", "example.org"));
    }
}
