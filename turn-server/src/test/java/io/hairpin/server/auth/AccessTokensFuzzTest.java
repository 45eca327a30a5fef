package io.hairpin.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.IntegrityKey;

import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// No token makes the server throw, and none that its authorization server has not made opens
/// anything.
class AccessTokensFuzzTest {

    private static final String REALM = "example.org";
    private static final Instant NOW = Instant.parse("2027-01-15T08:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 5000);

    private static final TestClock CLOCK = new TestClock(NOW);
    private static final TokenMint NORTH = TokenMint.of("north");
    private static final TokenMint STRANGER =
            new TokenMint(TokenMint.SERVER_NAME, "north", new byte[32]);
    private static final AccessTokens TOKENS =
            new AccessTokens(REALM, TokenMint.SERVER_NAME, List.of(NORTH.tokenKey()), CLOCK);
    private static final Authenticator AUTHENTICATOR =
            new Authenticator(
                    REALM, List.of(), new Nonces(new byte[32], Duration.ofDays(1), CLOCK), TOKENS);
    private static final AttributeType<byte[]> ACCESS_TOKEN =
            AttributeType.of(Attributes.ACCESS_TOKEN.code());

    static Stream<byte[]> tokens() {
        byte[] good = STRANGER.mint(1, 32, NOW, HOUR).token();
        byte[] longNonce = good.clone();
        ByteBuffer.wrap(longNonce).putShort((short) -1);
        return Stream.of(
                new byte[0],
                new byte[1],
                new byte[] {0, 12},
                good,
                longNonce,
                Arrays.copyOf(good, good.length - 1),
                Arrays.copyOf(good, 1000));
    }

    /// The key is none that these bytes were sealed with.
    @MethodSource("tokens")
    @FuzzTest
    void aTokenThatNobodyMadeIsRefused(byte[] token) {
        AccessTokens.Opened opened = TOKENS.open("north", token);

        assertThat(opened.refusal()).isEqualTo("access token is not authentic");
        if (token.length < 2000) {
            SignedRequest request =
                    SignedRequest.classic(AUTHENTICATOR.challenge(CLIENT), "north", "")
                            .with(ACCESS_TOKEN, token);
            assertThat(AUTHENTICATOR.authenticate(request.build(opened.session().key()), CLIENT))
                    .isInstanceOfSatisfying(
                            Verdict.Rejected.class,
                            verdict ->
                                    assertThat(verdict.code())
                                            .isEqualTo(ErrorCode.UNAUTHENTICATED));
        }
    }

    static Stream<byte[]> blocks() {
        byte[] key = "0123456789abcdefghij".getBytes(UTF_8);
        byte[] good = TokenMint.block(key, TokenMint.timestamp(NOW), HOUR);
        byte[] longKey = good.clone();
        ByteBuffer.wrap(longKey).putShort((short) -1);
        return Stream.of(
                new byte[0],
                good,
                longKey,
                Arrays.copyOf(good, good.length - 1),
                TokenMint.block(new byte[64], -1, Duration.ofSeconds(0xFFFFFFFFL)),
                TokenMint.block(new byte[65], 0, HOUR));
    }

    /// What an authorization server seals may be broken all the same.
    @MethodSource("blocks")
    @FuzzTest
    void aBlockThatIsSealedIsReadWholeOrNotAtAll(byte[] block) {
        AccessTokens.Opened opened = TOKENS.open("north", NORTH.seal(new byte[12], block));

        if (opened.refusal().isEmpty()) {
            ByteBuffer bytes = ByteBuffer.wrap(block);
            byte[] key = new byte[bytes.getShort() & 0xFFFF];
            bytes.get(key);
            long issued = bytes.getLong() >>> 16;
            long lifetime = bytes.getInt() & 0xFFFFFFFFL;
            assertThat(bytes.hasRemaining()).isFalse();
            assertThat(key.length)
                    .isBetween(AccessToken.MIN_MAC_KEY_BYTES, AccessToken.MAX_MAC_KEY_BYTES);
            assertThat(opened.session().key()).isEqualTo(IntegrityKey.ofBytes(key));
            assertThat(opened.left())
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(lifetime + 5));
            assertThat(Math.abs(issued - NOW.getEpochSecond())).isLessThanOrEqualTo(lifetime + 5);
        }
    }
}
