package io.hairpin.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class TurnRestCredentialTest {
    private static final Instant EXPIRY = Instant.ofEpochSecond(1_433_895_918);

    /// Reference value: `printf 1433895918:alice | openssl dgst -sha1 -hmac north -binary |
    /// base64`.
    @Test
    void thePasswordIsTheBase64OfTheHmacOfTheName() {
        assertThat(TurnRestCredential.mint("north", "alice", EXPIRY))
                .isEqualTo(
                        new TurnRestCredential("1433895918:alice", "RqMvcGPYTJMGThVLSi4amT4zFtI="));
    }

    @Test
    void withoutAUserTheNameIsTheTimestampAlone() {
        assertThat(TurnRestCredential.mint("north", "", EXPIRY).username()).isEqualTo("1433895918");
    }

    @Test
    void theNameIsPreparedAsARelayWillPrepareIt() {
        assertThat(TurnRestCredential.mint("north", "jose\u0301", EXPIRY))
                .isEqualTo(TurnRestCredential.mint("north", "jos\u00e9", EXPIRY));
    }

    @Test
    void namesAndTimesThatNoRelayTakesAreRefused() {
        assertThatThrownBy(() -> TurnRestCredential.mint("north", "tab\there", EXPIRY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TurnRestCredential.mint("north", "x".repeat(498), EXPIRY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TurnRestCredential.mint("north", "alice", Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TurnRestCredential.mint("north", "alice", Instant.MAX))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TurnRestCredential.mint("", "alice", EXPIRY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thePasswordIsNotPrinted() {
        TurnRestCredential credential = TurnRestCredential.mint("north", "alice", EXPIRY);

        assertThat(credential.toString())
                .contains("1433895918:alice")
                .doesNotContain(credential.password());
    }
}
