package io.hairpin.server.auth;

import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.STALE_NONCE;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Requests that come with an access token, or after one that did (RFC 7635 §7, §9).
class TokenAuthenticationTest {
    private static final String REALM = "example.org";
    private static final Instant NOW = Instant.parse("2027-01-15T08:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private final TestClock clock = new TestClock(NOW);
    private final Nonces nonces = new Nonces(new byte[32], Duration.ofDays(1), clock);
    private final TokenMint north = TokenMint.of("north");
    private final AccessTokens tokens =
            new AccessTokens(REALM, TokenMint.SERVER_NAME, List.of(north.tokenKey()), clock);
    private final StaticUsers users = new StaticUsers(REALM, Map.of("alice", "wonderland"));
    private final Authenticator authenticator =
            new Authenticator(REALM, List.of(users), nonces, tokens);
    private final Authenticator without = new Authenticator(REALM, List.of(users), nonces);
    private final InetSocketAddress client = new InetSocketAddress("192.0.2.1", 5000);
    private final TokenMint.Minted minted = north.mint(1, 32, NOW, HOUR);

    @Test
    void aChallengeNamesTheServerWhereTokensAreTaken() {
        assertThat(authenticator.challenge(client).thirdParty()).contains(TokenMint.SERVER_NAME);
        assertThat(without.challenge(client).thirdParty()).isEmpty();
    }

    @Test
    void tokensAloneAreEnoughToServeSomebody() {
        Authenticator alone = new Authenticator(REALM, List.of(), nonces, tokens);

        assertBearer(alone.authenticate(shown(minted).build(minted.key()), client), Integrity.SHA1);
    }

    @Test
    void aTokenAndASignatureWithItsKeyAreEnough() {
        clock.advance(Duration.ofMinutes(20));
        Verdict verdict = authenticator.authenticate(shown(minted).build(minted.key()), client);

        TokenGrant grant = assertBearer(verdict, Integrity.SHA1);
        assertThat(grant.left()).isEqualTo(Duration.ofMinutes(40).plusSeconds(5));
    }

    @Test
    void aLongKeySignsWithSha256AndIsAnsweredSo() {
        StunMessage request = shown(minted).signedWith(Integrity.SHA256).build(minted.key());

        assertBearer(authenticator.authenticate(request, client), Integrity.SHA256);
    }

    @Test
    void aShortKeyDoesNotSignWithSha256() {
        TokenMint.Minted weak = north.mint(2, 20, NOW, HOUR);

        assertRejected(shown(weak).signedWith(Integrity.SHA256).build(weak.key()), UNAUTHENTICATED);
        assertBearer(
                authenticator.authenticate(shown(weak).build(weak.key()), client), Integrity.SHA1);
    }

    /// Both of coturn's, its client and its server, take 16 bytes of any key.
    @Test
    void theFirstSixteenBytesOfTheKeyDoForSha1AsCoturnHasIt() {
        TokenMint.Minted token = north.mint(2, 20, NOW, HOUR);
        IntegrityKey cut = IntegrityKey.ofBytes(Arrays.copyOf(token.macKey(), 16));

        TokenGrant grant =
                assertBearer(
                        authenticator.authenticate(shown(token).build(cut), client),
                        Integrity.SHA1);
        assertThat(grant.session().key()).isEqualTo(cut);
        assertBearer(
                authenticator.authenticate(
                        unshown().build(cut), client, List.of(grant.session()), null),
                Integrity.SHA1);
        assertRejected(unshown().build(token.key()), List.of(grant.session()), UNAUTHENTICATED);
        assertRejected(
                shown(minted)
                        .signedWith(Integrity.SHA256)
                        .build(IntegrityKey.ofBytes(Arrays.copyOf(minted.macKey(), 16))),
                UNAUTHENTICATED);
    }

    @Test
    void aKeyIdMayBeHidden() {
        StunMessage request = shown(minted).byHash().build(minted.key());

        assertBearer(authenticator.authenticate(request, client), Integrity.SHA1);
    }

    @Test
    void whateverIsWrongTheAnswerIsTheSame() {
        TokenMint.Minted other = north.mint(2, 20, NOW, HOUR);
        TokenMint.Minted old = north.mint(3, 20, NOW.minus(HOUR).minusSeconds(6), HOUR);
        TokenMint.Minted south = TokenMint.of("south").mint(4, 20, NOW, HOUR);

        assertRejected(shown(minted).build(other.key()), UNAUTHENTICATED);
        assertRejected(shown(old).build(old.key()), UNAUTHENTICATED);
        assertRejected(shown(south).build(south.key()), UNAUTHENTICATED);
        assertRejected(
                shown(minted).with(Attributes.USERNAME, "south").build(minted.key()),
                UNAUTHENTICATED);
        assertRejected(
                shown(minted).with(Attributes.ACCESS_TOKEN, new byte[0]).build(minted.key()),
                UNAUTHENTICATED);
        assertRejected(
                shown(minted).with(Attributes.REALM, "example.com").build(minted.key()),
                UNAUTHENTICATED);
        assertRejected(shown(minted).signedWith().build(minted.key()), UNAUTHENTICATED);
    }

    @Test
    void whatTheStandInForATokenWouldVerifyIsRefused() {
        assertRejected(
                shown(minted)
                        .with(Attributes.ACCESS_TOKEN, new byte[80])
                        .build(IntegrityKey.ofBytes(new byte[20])),
                UNAUTHENTICATED);
    }

    @Test
    void aTokenWithoutUsernameRealmOrNonceIsABadRequest() {
        for (var missing : List.of(Attributes.USERNAME, Attributes.REALM, Attributes.NONCE)) {
            assertRejected(shown(minted).without(missing).build(minted.key()), BAD_REQUEST);
        }
    }

    @Test
    void aStaleNonceIsToldOnlyToWhoeverSignedWithTheKeyOfAToken() {
        StunMessage request =
                shown(minted).with(Attributes.NONCE, "obMatJos2AAAstale").build(minted.key());
        StunMessage forged =
                shown(minted)
                        .with(Attributes.NONCE, "obMatJos2AAAstale")
                        .build(north.mint(2, 20, NOW, HOUR).key());

        assertRejected(request, STALE_NONCE);
        assertRejected(forged, UNAUTHENTICATED);
    }

    @Test
    void withATokenThePasswordOfTheSameNameDoesNotCount() {
        StunMessage request =
                SignedRequest.classic(authenticator.challenge(client), "alice", "wonderland")
                        .with(Attributes.ACCESS_TOKEN, minted.token())
                        .build();

        assertRejected(request, UNAUTHENTICATED);
    }

    @Test
    void whereNoTokensAreTakenOneCountsForNothing() {
        assertThat(without.authenticate(shown(minted).build(minted.key()), client))
                .isInstanceOf(Verdict.Rejected.class);
        StunMessage request =
                SignedRequest.classic(without.challenge(client), "alice", "wonderland")
                        .with(Attributes.ACCESS_TOKEN, minted.token())
                        .build();
        assertThat(without.authenticate(request, client))
                .isInstanceOfSatisfying(
                        Verdict.Authenticated.class,
                        verdict -> assertThat(verdict.token()).isEmpty());
    }

    @Test
    void theKeyOfATokenSignsRequestsWithoutOneUntilItExpires() {
        TokenSession session = session(minted);
        StunMessage request = unshown().build(minted.key());

        clock.advance(HOUR);
        TokenGrant grant =
                assertBearer(
                        authenticator.authenticate(request, client, List.of(session), null),
                        Integrity.SHA1);
        assertThat(grant.left()).isEqualTo(Duration.ofSeconds(5));
        clock.advance(Duration.ofSeconds(5));
        assertRejected(request, List.of(session), UNAUTHENTICATED);
    }

    @Test
    void theKeyOfATokenCountsOnlyWhereItWasShownAndUnderItsName() {
        TokenSession session = session(minted);

        assertRejected(unshown().build(minted.key()), List.of(), UNAUTHENTICATED);
        assertRejected(
                unshown().with(Attributes.USERNAME, "alice").build(minted.key()),
                List.of(session),
                UNAUTHENTICATED);
        assertRejected(
                unshown().build(north.mint(2, 20, NOW, HOUR).key()),
                List.of(session),
                UNAUTHENTICATED);
    }

    @Test
    void ofSeveralSessionsTheOneThatSignedIsTold() {
        TokenMint.Minted later = north.mint(2, 20, NOW, HOUR.plusMinutes(1));
        List<TokenSession> sessions = List.of(session(later), session(minted));

        assertThat(
                        grant(
                                authenticator.authenticate(
                                        unshown().build(minted.key()), client, sessions, null)))
                .map(TokenGrant::session)
                .contains(session(minted));
        assertThat(
                        grant(
                                authenticator.authenticate(
                                        unshown().build(later.key()), client, sessions, null)))
                .map(TokenGrant::session)
                .contains(session(later));
    }

    @Test
    void aUserIsStillAUserWhereATokenWasShown() {
        StunMessage request =
                SignedRequest.modern(authenticator.challenge(client), "alice", "wonderland")
                        .build();

        assertThat(authenticator.authenticate(request, client, List.of(session(minted)), null))
                .isInstanceOfSatisfying(
                        Verdict.Authenticated.class,
                        verdict -> {
                            assertThat(verdict.username()).isEqualTo("alice");
                            assertThat(verdict.token()).isEmpty();
                        });
    }

    private TokenSession session(TokenMint.Minted token) {
        return grant(authenticator.authenticate(shown(token).build(token.key()), client))
                .orElseThrow()
                .session();
    }

    private SignedRequest unshown() {
        return SignedRequest.classic(authenticator.challenge(client), "north", "");
    }

    private SignedRequest shown(TokenMint.Minted token) {
        return unshown().with(Attributes.ACCESS_TOKEN, token.token());
    }

    private static Optional<TokenGrant> grant(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Authenticated.class);
        return ((Verdict.Authenticated) verdict).token();
    }

    private static TokenGrant assertBearer(Verdict verdict, Integrity integrity) {
        TokenGrant grant = grant(verdict).orElseThrow();
        Verdict.Authenticated authenticated = (Verdict.Authenticated) verdict;
        assertThat(authenticated.username()).isEqualTo(grant.session().bearer());
        assertThat(authenticated.key()).isEqualTo(grant.session().key());
        assertThat(authenticated.integrity()).isEqualTo(integrity);
        assertThat(authenticated.term().isOver()).isFalse();
        return grant;
    }

    private void assertRejected(StunMessage request, ErrorCode code) {
        assertRejected(request, List.of(), code);
    }

    private void assertRejected(StunMessage request, List<TokenSession> sessions, ErrorCode code) {
        assertThat(authenticator.authenticate(request, client, sessions, null))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.code()).isEqualTo(code));
    }
}
