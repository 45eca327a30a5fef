package io.hairpin.server.auth;

import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.STALE_NONCE;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;
import static io.hairpin.stun.PasswordAlgorithm.MD5;
import static io.hairpin.stun.PasswordAlgorithm.SHA_256;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.NonceCookie;
import io.hairpin.stun.SecurityFeature;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.UserHash;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The checks of RFC 8489 §9.2.4 in their order; those on password algorithms are in
/// `PasswordAlgorithmChoiceTest`.
class AuthenticatorTest {
    private static final String REALM = "example.org";
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final Duration STALE_AFTER = Duration.ofMinutes(10);

    private final TestClock clock = new TestClock(NOW);
    private final Nonces nonces = new Nonces(new byte[32], STALE_AFTER, clock);
    private final StaticUsers users =
            new StaticUsers(REALM, Map.of("alice", "wonderland", "jos\u00e9", "pass"));
    private final SharedSecrets secrets =
            new SharedSecrets(REALM, List.of("north", "south"), clock);
    private final Authenticator known = new Authenticator(REALM, List.of(users), nonces);
    private final Authenticator both = new Authenticator(REALM, List.of(users, secrets), nonces);
    private final InetSocketAddress client = new InetSocketAddress("192.0.2.1", 5000);

    @Test
    void aRequestWithoutIntegrityIsUnauthenticated() {
        assertRejected(alice().signedWith().build(), UNAUTHENTICATED);
    }

    @Test
    void aChallengeHasRealmNonceAndAlgorithmsBestFirst() {
        Challenge challenge = known.challenge(client);

        assertThat(challenge.realm()).isEqualTo(REALM);
        assertThat(nonces.check(challenge.nonce(), client)).isEqualTo(Nonces.State.VALID);
        assertThat(challenge.passwordAlgorithms()).containsExactly(SHA_256, MD5);
    }

    @Test
    void aChallengeOffersUsernameAnonymityOnlyIfEveryUserCanBeFoundByHash() {
        assertThat(NonceCookie.features(known.challenge(client).nonce()))
                .contains(
                        Set.of(
                                SecurityFeature.PASSWORD_ALGORITHMS,
                                SecurityFeature.USERNAME_ANONYMITY));
        assertThat(NonceCookie.features(both.challenge(client).nonce()))
                .contains(Set.of(SecurityFeature.PASSWORD_ALGORITHMS));
    }

    @Test
    void integrityWithoutUsernameRealmOrNonceIsABadRequest() {
        for (AttributeType<?> missing :
                List.of(Attributes.USERNAME, Attributes.REALM, Attributes.NONCE)) {
            assertRejected(alice().without(missing).build(), BAD_REQUEST);
        }
    }

    @Test
    void bothUsernameAndUserhashAreABadRequest() {
        assertRejected(
                alice().with(Attributes.USERHASH, UserHash.of("alice", REALM)).build(),
                BAD_REQUEST);
    }

    @Test
    void aUserhashOfAnotherLengthIsABadRequest() {
        assertRejected(
                alice().byHash()
                        .without(Attributes.USERHASH)
                        .with(AttributeType.of(Attributes.USERHASH.code()), new byte[31])
                        .build(),
                BAD_REQUEST);
    }

    @Test
    void aClassicClientIsAuthenticatedAndAnsweredWithSha1() {
        assertAuthenticated(known, alice().build(), "alice", Integrity.SHA1);
    }

    @Test
    void aModernClientIsAuthenticatedAndAnsweredWithSha256() {
        StunMessage request =
                SignedRequest.modern(known.challenge(client), "alice", "wonderland").build();

        assertAuthenticated(known, request, "alice", Integrity.SHA256);
    }

    @Test
    void theVerdictCarriesTheKeyThatSignsTheResponse() {
        Verdict verdict = known.authenticate(alice().build(), client);

        assertThat(verdict)
                .isEqualTo(
                        new Verdict.Authenticated(
                                "alice",
                                IntegrityKey.longTerm(MD5, "alice", REALM, "wonderland"),
                                Integrity.SHA1,
                                new Term(Expiry.ALLOCATE, Term.ENDLESS),
                                Optional.empty()));
    }

    @Test
    void ofBothIntegrityAttributesTheSha256OneIsVerified() {
        StunMessage request = alice().signedWith(Integrity.SHA1, Integrity.SHA256).build();
        assertAuthenticated(known, request, "alice", Integrity.SHA1);

        byte[] bytes = request.toBytes();
        bytes[bytes.length - 1] ^= 1; // the last byte of MESSAGE-INTEGRITY-SHA256

        assertRejected(decoded(bytes), UNAUTHENTICATED);
    }

    @Test
    void aShortenedSha256TagIsUnauthenticated() {
        byte[] whole = alice().signedWith(Integrity.SHA256).build().toBytes();
        byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 16);
        ByteBuffer.wrap(cut)
                .putShort(2, (short) (cut.length - 20))
                .putShort(cut.length - 18, (short) 16);

        assertRejected(decoded(cut), UNAUTHENTICATED);
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreUnauthenticatedAndLookTheSame() {
        Challenge challenge = known.challenge(client);
        Verdict wrong =
                known.authenticate(
                        SignedRequest.classic(challenge, "alice", "guess").build(), client);
        Verdict unknown =
                known.authenticate(
                        SignedRequest.classic(challenge, "bob", "guess").build(), client);

        assertThat(wrong).isInstanceOf(Verdict.Rejected.class).isEqualTo(unknown);
        assertRejected(SignedRequest.classic(challenge, "bob", "guess").build(), UNAUTHENTICATED);
    }

    @Test
    void asManyKeysAreTriedForAnUnknownUserAsForAKnownOne() {
        for (Authenticator authenticator : List.of(known, both)) {
            assertThat(authenticator.candidates("bob", MD5))
                    .hasSameSizeAs(authenticator.candidates("alice", MD5));
            assertThat(authenticator.candidates(new byte[32], SHA_256))
                    .hasSameSizeAs(authenticator.candidates(UserHash.of("alice", REALM), SHA_256));
        }
        assertThat(both.candidates("1800000600:alice", MD5)).hasSize(1 + 2);
    }

    @Test
    void theStandInForUnknownUsersOpensNothing() {
        Candidate standIn = known.candidates("bob", MD5).getFirst();
        StunMessage request =
                SignedRequest.classic(known.challenge(client), "bob", "any").build(standIn.key());

        assertThat(request.verify(Integrity.SHA1, standIn.key())).isTrue();
        assertRejected(request, UNAUTHENTICATED);
    }

    @Test
    void anotherRealmIsUnauthenticated() {
        assertRejected(alice().with(Attributes.REALM, "example.com").build(), UNAUTHENTICATED);
    }

    @Test
    void aUsernameIsPreparedBeforeTheLookUp() {
        StunMessage request =
                SignedRequest.classic(known.challenge(client), "jose\u0301", "pass").build();

        assertAuthenticated(known, request, "jos\u00e9", Integrity.SHA1);
    }

    @Test
    void aUsernameThatCannotBePreparedIsUnauthenticated() {
        for (String name : List.of("", "a\tb", "1800000600:a\tb")) {
            StunMessage request = alice().with(Attributes.USERNAME, name).build();
            assertThat(both.authenticate(request, client))
                    .as(name)
                    .isEqualTo(new Verdict.Rejected(UNAUTHENTICATED, "not a username"));
        }
    }

    @Property(tries = 500)
    void anyUsernameOutsideTheListIsUnauthenticated(@ForAll @StringLength(max = 120) String name) {
        assertRejected(alice().with(Attributes.USERNAME, "x" + name).build(), UNAUTHENTICATED);
        assertThat(
                        both.authenticate(
                                alice().with(Attributes.USERNAME, "1800000600:" + name).build(),
                                client))
                .isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void aUserhashStandsForTheUsername() {
        Challenge challenge = known.challenge(client);

        assertAuthenticated(known, alice().byHash().build(), "alice", Integrity.SHA1);
        assertAuthenticated(
                known,
                SignedRequest.modern(challenge, "alice", "wonderland").byHash().build(),
                "alice",
                Integrity.SHA256);
        assertRejected(
                SignedRequest.classic(challenge, "bob", "guess").byHash().build(), UNAUTHENTICATED);
    }

    @Test
    void aStaleNonceIsSaidToBeStale() {
        StunMessage request = alice().build();
        clock.advance(STALE_AFTER.multipliedBy(2));

        assertRejected(request, STALE_NONCE);
    }

    @Test
    void aForgedNonceAndOneOfAnotherAddressAreStale() {
        InetSocketAddress elsewhere = new InetSocketAddress("192.0.2.1", 5001);

        assertRejected(alice().with(Attributes.NONCE, "forged").build(), STALE_NONCE);
        assertRejected(
                alice().with(Attributes.NONCE, known.challenge(elsewhere).nonce()).build(),
                STALE_NONCE);
    }

    @Test
    void aWrongPasswordComesBeforeAStaleNonce() {
        StunMessage request =
                SignedRequest.classic(known.challenge(client), "alice", "guess").build();
        clock.advance(STALE_AFTER.multipliedBy(2));

        assertRejected(request, UNAUTHENTICATED);
    }

    @Test
    void aTimeLimitedCredentialOfAnySecretIsAuthenticated() {
        for (String secret : List.of("north", "south")) {
            StunMessage request = rest(secret, NOW.plusSeconds(600)).build();
            assertAuthenticated(both, request, "1800000600:carol", Integrity.SHA1);
        }
        assertThat(both.authenticate(rest("west", NOW.plusSeconds(600)).build(), client))
                .isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void anExpiredCredentialIsAuthenticatedAndMarked() {
        assertThat(both.authenticate(rest("south", NOW.minusSeconds(1)).build(), client))
                .isInstanceOfSatisfying(
                        Verdict.Authenticated.class,
                        verdict -> assertThat(verdict.term().isOver()).isTrue());
    }

    @Test
    void staticUsersAndSecretsWorkSideBySide() {
        StunMessage request =
                SignedRequest.modern(both.challenge(client), "alice", "wonderland").build();

        assertAuthenticated(both, request, "alice", Integrity.SHA256);
    }

    @Test
    void aStaticUserWhoseNameLooksTimeLimitedDoesNotExpire() {
        Instant past = NOW.minusSeconds(1);
        TurnRestCredential credential = TurnRestCredential.mint("north", "carol", past);
        StaticUsers lasting =
                new StaticUsers(REALM, Map.of(credential.username(), credential.password()));
        Authenticator authenticator = new Authenticator(REALM, List.of(secrets, lasting), nonces);

        assertAuthenticated(
                authenticator, rest("north", past).build(), credential.username(), Integrity.SHA1);
    }

    @Test
    void withoutSourcesOrAlgorithmInCommonThereIsNoAuthenticator() {
        StaticUsers mixed =
                new StaticUsers(
                        REALM, Map.of("a", "0x" + "1".repeat(32), "b", "0x" + "2".repeat(64)));

        assertThatThrownBy(() -> new Authenticator(REALM, List.of(), nonces))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Authenticator(REALM, List.of(mixed), nonces))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("password algorithm");
        assertThatThrownBy(() -> new Authenticator("", List.of(users), nonces))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noVerdictPrintsAKey() {
        IntegrityKey key = IntegrityKey.longTerm(MD5, "alice", REALM, "wonderland");

        assertThat(known.authenticate(alice().build(), client).toString())
                .contains("alice", key.toString())
                .doesNotContain("wonderland");
    }

    private SignedRequest alice() {
        return SignedRequest.classic(known.challenge(client), "alice", "wonderland");
    }

    private SignedRequest rest(String secret, Instant expires) {
        TurnRestCredential credential = TurnRestCredential.mint(secret, "carol", expires);
        return SignedRequest.classic(
                both.challenge(client), credential.username(), credential.password());
    }

    private void assertRejected(StunMessage request, ErrorCode code) {
        assertThat(known.authenticate(request, client))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        verdict -> assertThat(verdict.code()).isEqualTo(code));
    }

    private void assertAuthenticated(
            Authenticator authenticator,
            StunMessage request,
            String username,
            Integrity integrity) {
        assertThat(authenticator.authenticate(request, client))
                .isInstanceOfSatisfying(
                        Verdict.Authenticated.class,
                        verdict -> {
                            assertThat(verdict.username()).isEqualTo(username);
                            assertThat(verdict.integrity()).isEqualTo(integrity);
                            assertThat(verdict.term().isOver()).isFalse();
                            assertThat(
                                            request.verify(
                                                    request.integrity().orElseThrow(),
                                                    verdict.key()))
                                    .isTrue();
                        });
    }

    private static StunMessage decoded(byte[] bytes) {
        return switch (StunDecoder.decode(ByteBuffer.wrap(bytes))) {
            case Decoded.Message(StunMessage message) -> message;
            case Decoded.Malformed malformed -> throw new AssertionError(malformed);
        };
    }
}
