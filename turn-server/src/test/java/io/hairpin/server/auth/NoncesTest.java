package io.hairpin.server.auth;

import static io.hairpin.server.auth.Nonces.State.STALE;
import static io.hairpin.server.auth.Nonces.State.VALID;
import static io.hairpin.stun.SecurityFeature.PASSWORD_ALGORITHMS;
import static io.hairpin.stun.SecurityFeature.USERNAME_ANONYMITY;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hairpin.stun.NonceCookie;
import io.hairpin.stun.SecurityFeature;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

class NoncesTest {
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Set<SecurityFeature> FEATURES = Set.of(PASSWORD_ALGORITHMS);

    /// The start of a generation: 1.8 billion seconds are a multiple of ten minutes.
    private static final Instant START = Instant.ofEpochSecond(1_800_000_000);

    private final TestClock clock = new TestClock(START);
    private final Nonces nonces = new Nonces(KEY, LIFE, clock);
    private final InetSocketAddress client = new InetSocketAddress("192.0.2.1", 5000);

    @Test
    void aFreshNonceIsValid() {
        assertThat(nonces.check(nonces.issue(client, FEATURES), client)).isEqualTo(VALID);
    }

    @Test
    void aNonceBeginsWithTheCookieOfItsFeatures() {
        String some = nonces.issue(client, FEATURES);
        String both = nonces.issue(client, Set.of(PASSWORD_ALGORITHMS, USERNAME_ANONYMITY));

        assertThat(NonceCookie.features(some)).contains(FEATURES);
        assertThat(NonceCookie.features(both))
                .contains(Set.of(PASSWORD_ALGORITHMS, USERNAME_ANONYMITY));
        assertThat(nonces.check(both, client)).isEqualTo(VALID);
    }

    @Test
    void aNonceIsShorterThan128CharactersAndPrintable() {
        assertThat(nonces.issue(client, FEATURES))
                .hasSize(Nonces.CHARS)
                .hasSizeLessThan(128)
                .matches("[A-Za-z0-9+/_-]+");
    }

    @Test
    void theSameClientGetsTheSameNonceWithinAGeneration() {
        String first = nonces.issue(client, FEATURES);
        clock.advance(LIFE.minus(MILLI));

        assertThat(nonces.issue(client, FEATURES)).isEqualTo(first);
        assertThat(nonces.check(first, client)).isEqualTo(VALID);
    }

    @Test
    void noTwoClientsGetTheSameNonce() {
        assertThat(
                        Set.of(
                                nonces.issue(client, FEATURES),
                                nonces.issue(new InetSocketAddress("192.0.2.1", 5001), FEATURES),
                                nonces.issue(new InetSocketAddress("192.0.2.2", 5000), FEATURES),
                                nonces.issue(new InetSocketAddress("2001:db8::1", 5000), FEATURES)))
                .hasSize(4);
    }

    @Test
    void thePreviousGenerationIsValidForTheGracePeriodAfterTheChange() {
        String nonce = nonces.issue(client, FEATURES);

        clock.set(START.plus(LIFE));
        assertThat(nonces.check(nonce, client)).isEqualTo(VALID);
        clock.set(START.plus(LIFE).plus(Nonces.MAX_GRACE).minus(MILLI));
        assertThat(nonces.check(nonce, client)).isEqualTo(VALID);
        clock.set(START.plus(LIFE).plus(Nonces.MAX_GRACE));
        assertThat(nonces.check(nonce, client)).isEqualTo(STALE);
    }

    @Test
    void theGracePeriodIsHalfTheLifeOfShortLivedNonces() {
        Nonces shortLived = new Nonces(KEY, Duration.ofSeconds(10), clock);
        String nonce = shortLived.issue(client, FEATURES);

        clock.set(START.plusSeconds(15).minus(MILLI));
        assertThat(shortLived.check(nonce, client)).isEqualTo(VALID);
        clock.set(START.plusSeconds(15));
        assertThat(shortLived.check(nonce, client)).isEqualTo(STALE);
    }

    @Test
    void theGenerationBeforeThePreviousOneIsStale() {
        String nonce = nonces.issue(client, FEATURES);
        clock.advance(LIFE.multipliedBy(2));

        assertThat(nonces.check(nonce, client)).isEqualTo(STALE);
    }

    @Test
    void aFutureGenerationIsStale() {
        String nonce = nonces.issue(client, FEATURES);
        clock.set(START.minus(MILLI));

        assertThat(nonces.check(nonce, client)).isEqualTo(STALE);
    }

    @Test
    void aClockBefore1970DoesNoHarm() {
        clock.set(Instant.ofEpochSecond(-1));

        assertThat(nonces.check(nonces.issue(client, FEATURES), client)).isEqualTo(VALID);
    }

    @Test
    void aNonceOfAnotherAddressOrPortIsStale() {
        String nonce = nonces.issue(client, FEATURES);

        assertThat(nonces.check(nonce, new InetSocketAddress("192.0.2.2", 5000))).isEqualTo(STALE);
        assertThat(nonces.check(nonce, new InetSocketAddress("192.0.2.1", 5001))).isEqualTo(STALE);
    }

    @Test
    void aNonceMadeWithAnotherKeyIsStale() {
        byte[] other = KEY.clone();
        other[0] ^= 1;
        String nonce = new Nonces(other, LIFE, clock).issue(client, FEATURES);

        assertThat(nonces.check(nonce, client)).isEqualTo(STALE);
    }

    @Test
    void serversWithTheSameKeyHonourEachOthersNonces() {
        String nonce = new Nonces(KEY.clone(), LIFE, clock).issue(client, FEATURES);

        assertThat(nonces.check(nonce, client)).isEqualTo(VALID);
    }

    @Test
    void aNonceWithAnyCharacterAlteredIsStale() {
        String nonce = nonces.issue(client, FEATURES);

        for (int at = 0; at < nonce.length(); at++) {
            StringBuilder altered = new StringBuilder(nonce);
            altered.setCharAt(at, nonce.charAt(at) == 'A' ? 'B' : 'A');
            assertThat(nonces.check(altered.toString(), client)).as("at %d", at).isEqualTo(STALE);
        }
    }

    @Test
    void aNonceWhoseFeaturesWereTakenAwayIsStale() {
        String nonce = nonces.issue(client, FEATURES);
        String bare = NonceCookie.prefix(Set.of()) + nonce.substring(13);

        assertThat(nonces.check(bare, client)).isEqualTo(STALE);
    }

    @Test
    void aNonceCutShortOrPaddedIsStale() {
        String nonce = nonces.issue(client, FEATURES);

        assertThat(nonces.check("", client)).isEqualTo(STALE);
        assertThat(nonces.check(nonce.substring(1), client)).isEqualTo(STALE);
        assertThat(nonces.check(nonce + "=", client)).isEqualTo(STALE);
    }

    @Property(tries = 500)
    void anyStringIsStale(@ForAll String text) {
        String padded = (text + "x".repeat(Nonces.CHARS)).substring(0, Nonces.CHARS);

        assertThat(nonces.check(text, client)).isEqualTo(STALE);
        assertThat(nonces.check(padded, client)).isEqualTo(STALE);
    }

    @Test
    void aShortKeyIsRefused() {
        assertThatThrownBy(() -> new Nonces(new byte[Nonces.MIN_KEY_BYTES - 1], LIFE, clock))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLifeThatIsNotPositiveIsRefused() {
        assertThatThrownBy(() -> new Nonces(KEY, Duration.ZERO, clock))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Nonces(KEY, Duration.ofSeconds(-1), clock))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void laterChangesToTheKeyArrayHaveNoEffect() {
        byte[] key = KEY.clone();
        Nonces own = new Nonces(key, LIFE, clock);
        String nonce = own.issue(client, FEATURES);
        key[0] ^= 1;

        assertThat(own.check(nonce, client)).isEqualTo(VALID);
    }
}
