package io.hairpin.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.UserHash;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// What is made of access tokens, by RFC 7635 §6.2 and §7.
class AccessTokensTest {
    private static final String REALM = "example.org";
    private static final Instant NOW = Instant.parse("2027-01-15T08:00:00.5Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String NOT_AUTHENTIC = "access token is not authentic";
    private static final String EXPIRED = "access token has expired";

    private final TestClock clock = new TestClock(NOW);
    private final TokenMint north = TokenMint.of("north");
    private final TokenMint union =
            new TokenMint(TokenMint.SERVER_NAME, "union", "1234567890123456".getBytes(UTF_8));
    private final AccessTokens tokens = tokens(north, union);

    @Test
    void theSamplesOfTheRfcAreOpened() {
        assertOpensSample(
                TokenAlgorithm.A256GCM,
                "000c68346a336b326c326e346235617ef134a3d5e44e9a19cc7dc104b0c03d03b2a551d8fdf5cd3b"
                        + "6dca6f10cfb77e5b2ddec84d293a5c5049935 9f0c2e26f76");
        assertOpensSample(
                TokenAlgorithm.A128GCM,
                "000c68346a336b326c326e346235 7fb9e99f0827be3df1e1bd651493d3031d36df57079784aee5ea"
                        + "cb65fad4f27fab1a3f97974b69f851b24bf5af09eda357e0");
    }

    private static void assertOpensSample(TokenAlgorithm algorithm, String hex) {
        // 92470300704768 / 2^16 seconds since 1970
        TestClock then = new TestClock(Instant.ofEpochSecond(92470300704768L >> 16));
        TokenKey key =
                new TokenKey(
                        "2783466234",
                        algorithm,
                        "HGkj32KJGiuy098sdfaqbNjOiaz71923".getBytes(UTF_8));
        AccessTokens opener = new AccessTokens(REALM, "blackdow.carleon.gov", List.of(key), then);

        AccessTokens.Opened opened =
                opener.open("2783466234", HexFormat.of().parseHex(hex.replace(" ", "")));

        assertThat(opened.refusal()).isEmpty();
        assertThat(opened.session().key())
                .isEqualTo(IntegrityKey.ofBytes("ZksjpweoixXmvn67534m".getBytes(UTF_8)));
        assertThat(opened.left()).isEqualTo(HOUR.plusSeconds(5));
    }

    @Test
    void aTokenGivesTheKeyAndTheTimeItHasLeft() {
        clock.advance(Duration.ofMinutes(10));
        TokenMint.Minted minted = north.mint(1, 20, NOW, HOUR);

        AccessTokens.Opened opened = tokens.open("north", minted.token());

        assertThat(opened.refusal()).isEmpty();
        assertThat(opened.session().key()).isEqualTo(minted.key());
        assertThat(opened.session().keyId()).isEqualTo("north");
        assertThat(opened.left()).isEqualTo(Duration.ofMinutes(50).plusSeconds(5));
        assertThat(opened.session().expires()).isEqualTo(NOW.plus(HOUR).plusSeconds(5));
    }

    @Test
    void aShorterKeyOpensTokensOfItsAlgorithm() {
        AccessTokens.Opened opened = tokens.open("union", union.mint(1, 20, NOW, HOUR).token());

        assertThat(opened.refusal()).isEmpty();
    }

    @Test
    void aTokenIsGoodForFiveSecondsMoreThanItsLifetime() {
        byte[] token = north.mint(1, 20, NOW, HOUR).token();

        clock.set(NOW.plus(HOUR).plusSeconds(4));
        assertThat(tokens.open("north", token).refusal()).isEmpty();
        assertThat(tokens.open("north", token).left()).isEqualTo(Duration.ofSeconds(1));

        clock.advance(Duration.ofMillis(1));
        assertThat(tokens.open("north", token).refusal()).isEqualTo(EXPIRED);
    }

    @Test
    void aTokenFromTheFutureIsGoodWithinItsLifetime() {
        byte[] token = north.mint(1, 20, NOW, HOUR).token();

        clock.set(NOW.minus(HOUR).minusSeconds(4));
        assertThat(tokens.open("north", token).refusal()).isEmpty();
        assertThat(tokens.open("north", token).left()).isEqualTo(Duration.ofSeconds(1));

        clock.set(NOW.minus(HOUR).minusSeconds(5));
        assertThat(tokens.open("north", token).refusal()).isEqualTo(EXPIRED);
    }

    @Test
    void anyTimestampAndLifetimeAreReckonedWith() {
        for (long timestamp : new long[] {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            byte[] block =
                    TokenMint.block(new byte[20], timestamp, Duration.ofSeconds(0xFFFFFFFFL));
            assertThat(tokens.open("north", north.seal(new byte[12], block)).refusal())
                    .isIn("", EXPIRED);
        }
    }

    @Test
    void theKeyIdAndTheServerNameHaveToBeThoseOfTheToken() {
        byte[] token = north.mint(1, 20, NOW, HOUR).token();
        byte[] elsewhere = north.forServer("turn.example.com").mint(1, 20, NOW, HOUR).token();

        assertThat(tokens.open("south", token).refusal()).isEqualTo("unknown key id");
        assertThat(tokens.open("union", token).refusal()).isEqualTo(NOT_AUTHENTIC);
        assertThat(tokens.open("north", elsewhere).refusal()).isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void whatAnybodyCanEncryptWithTheStandInForAKeyCountsForNothing() {
        TokenMint nobody = new TokenMint(TokenMint.SERVER_NAME, "nobody", new byte[32]);

        assertThat(tokens.open("nobody", nobody.mint(1, 20, NOW, HOUR).token()).refusal())
                .isEqualTo("unknown key id");
    }

    @Test
    void noBitOfATokenCanBeTurnedOver() {
        byte[] token = north.mint(1, 20, NOW, HOUR).token();

        for (int bit = 0; bit < token.length * 8; bit++) {
            byte[] other = token.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(tokens.open("north", other).refusal())
                    .as("bit %d", bit)
                    .isEqualTo(NOT_AUTHENTIC);
        }
    }

    @Test
    void noTokenCanBeCutOrMadeLonger() {
        byte[] token = north.mint(1, 64, NOW, HOUR).token();

        for (int length = 0; length < token.length + 40; length++) {
            if (length != token.length) {
                assertThat(tokens.open("north", Arrays.copyOf(token, length)).refusal())
                        .as("%d bytes", length)
                        .isEqualTo(NOT_AUTHENTIC);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 19, 65, 200})
    void aKeyTooShortToBeSafeOrLongerThanHmacTakesIsNone(int bytes) {
        byte[] block = TokenMint.block(new byte[bytes], TokenMint.timestamp(NOW), HOUR);

        assertThat(tokens.open("north", north.seal(new byte[12], block)).refusal())
                .isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void aBlockThatSaysAnotherLengthThanItsKeyHasIsNone() {
        byte[] block = TokenMint.block(new byte[32], TokenMint.timestamp(NOW), HOUR);
        block[1] = 20;

        assertThat(tokens.open("north", north.seal(new byte[12], block)).refusal())
                .isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void aNonceOfAnotherLengthThanGcmHasIsNone() {
        byte[] block = TokenMint.block(new byte[20], TokenMint.timestamp(NOW), HOUR);

        assertThat(tokens.open("north", north.seal(new byte[16], block)).refusal())
                .isEqualTo(NOT_AUTHENTIC);
    }

    @Property
    void anyBytesAreRefused(@ForAll byte[] token, @ForAll String keyId) {
        assertThat(tokens.open(keyId, token).refusal()).isNotEmpty();
    }

    @Test
    void onlyAKeyOfThirtyTwoBytesIsEnoughForSha256() {
        TokenSession weak = tokens.open("north", north.mint(1, 31, NOW, HOUR).token()).session();
        TokenSession strong = tokens.open("north", north.mint(2, 32, NOW, HOUR).token()).session();

        assertThat(weak.takes(Integrity.SHA1)).isTrue();
        assertThat(weak.takes(Integrity.SHA256)).isFalse();
        assertThat(strong.takes(Integrity.SHA1)).isTrue();
        assertThat(strong.takes(Integrity.SHA256)).isTrue();
    }

    @Test
    void theBearersOfTwoTokensAreTwoAndNeitherIsAUser() {
        TokenMint.Minted first = north.mint(1, 20, NOW, HOUR);
        String bearer = tokens.open("north", first.token()).session().bearer();

        assertThat(tokens.open("north", first.token()).session().bearer()).isEqualTo(bearer);
        assertThat(tokens.open("north", north.mint(2, 20, NOW, HOUR).token()).session().bearer())
                .isNotEqualTo(bearer);
        assertThat(io.hairpin.stun.OpaqueString.prepare(bearer)).isEmpty();
    }

    @Test
    void aKeyIsFoundByTheHashOfItsId() {
        assertThat(tokens.keyId(UserHash.of("north", REALM))).contains("north");
        assertThat(tokens.keyId(UserHash.of("south", REALM))).isEmpty();
    }

    @Test
    void keysAreNeededAndEachHasItsOwnId() {
        assertThatThrownBy(() -> tokens())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no key");
        assertThatThrownBy(() -> tokens(north, north))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two token keys are named 'north'");
    }

    @Test
    void aKeyThatIsTooShortIsRefusedWithoutShowingIt() {
        byte[] key = "1234567890123456".getBytes(UTF_8);

        assertThatThrownBy(() -> new TokenKey("north", TokenAlgorithm.A256GCM, key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the key 'north' has fewer than the 32 bytes that A256GCM takes");
    }

    @Test
    void nothingShowsAKey() {
        assertThat(north.tokenKey()).hasToString("TokenKey[id=north, key=***]");
        TokenMint.Minted minted = north.mint(1, 20, NOW, HOUR);
        assertThat(tokens.open("north", minted.token()).toString())
                .doesNotContain(new String(minted.macKey(), UTF_8).substring(8));
    }

    private AccessTokens tokens(TokenMint... mints) {
        return new AccessTokens(
                REALM,
                TokenMint.SERVER_NAME,
                Arrays.stream(mints).map(TokenMint::tokenKey).toList(),
                clock);
    }
}
