package io.hairpin.server.auth;

import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.STALE_NONCE;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;
import static io.hairpin.stun.PasswordAlgorithm.MD5;
import static io.hairpin.stun.PasswordAlgorithm.SHA_256;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.NonceCookie;
import io.hairpin.stun.PasswordAlgorithm;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How a password algorithm is agreed on, and that nobody on the way can talk the two sides into a
/// weaker one (RFC 8489 §9.2.4, §16.1.3).
class PasswordAlgorithmChoiceTest {
    private static final String REALM = "example.org";
    private static final PasswordAlgorithm UNREGISTERED = new PasswordAlgorithm(7, "");

    private final TestClock clock = new TestClock(Instant.ofEpochSecond(1_800_000_000));
    private final Nonces nonces = new Nonces(new byte[32], Duration.ofMinutes(10), clock);
    private final InetSocketAddress client = new InetSocketAddress("192.0.2.1", 5000);
    private final Authenticator authenticator =
            authenticator(Map.of("alice", "wonderland", "bob", "builder"));

    @Test
    void withoutEitherAttributeTheKeyIsTheMd5One() {
        assertIntegrity(
                SignedRequest.classic(authenticator.challenge(client), "alice", "wonderland"),
                Integrity.SHA1);
        assertRejected(
                SignedRequest.classic(authenticator.challenge(client), "alice", "wonderland")
                        .keyFrom(SHA_256),
                UNAUTHENTICATED);
    }

    @Test
    void withoutEitherAttributeTheAnswerIsSignedWithSha1EvenIfTheRequestWasWithSha256() {
        assertIntegrity(
                SignedRequest.classic(authenticator.challenge(client), "alice", "wonderland")
                        .signedWith(Integrity.SHA256),
                Integrity.SHA1);
    }

    @Test
    void anyAlgorithmOfTheOfferMayBeChosen() {
        assertIntegrity(alice().choosing(SHA_256), Integrity.SHA256);
        assertIntegrity(alice().choosing(MD5), Integrity.SHA256);
    }

    @Test
    void aClientThatChoosesAnAlgorithmMayStillSignWithSha1() {
        assertIntegrity(alice().signedWith(Integrity.SHA1), Integrity.SHA256);
    }

    @Test
    void theKeyMustBeOfTheAlgorithmNamed() {
        assertRejected(alice().choosing(MD5).keyFrom(SHA_256), UNAUTHENTICATED);
        assertRejected(alice().choosing(SHA_256).keyFrom(MD5), UNAUTHENTICATED);
    }

    @Test
    void oneAttributeWithoutTheOtherIsABadRequest() {
        assertRejected(alice().without(Attributes.PASSWORD_ALGORITHMS), BAD_REQUEST);
        assertRejected(alice().without(Attributes.PASSWORD_ALGORITHM), BAD_REQUEST);
    }

    @Test
    void anOfferOtherThanOursIsABadRequest() {
        for (List<PasswordAlgorithm> seen :
                List.of(
                        List.of(MD5),
                        List.of(SHA_256),
                        List.of(MD5, SHA_256),
                        List.of(SHA_256, MD5, UNREGISTERED),
                        List.of(SHA_256, new PasswordAlgorithm(MD5.number(), "00000000")))) {
            assertRejected(alice().offering(seen).choosing(MD5), BAD_REQUEST);
        }
    }

    @Test
    void anAlgorithmOutsideTheOfferIsABadRequest() {
        assertRejected(alice().choosing(UNREGISTERED).keyFrom(MD5), BAD_REQUEST);
    }

    @Test
    void attributesThatCannotBeReadAreABadRequest() {
        AttributeType<byte[]> offer = AttributeType.of(Attributes.PASSWORD_ALGORITHMS.code());

        assertRejected(
                alice().without(Attributes.PASSWORD_ALGORITHMS).with(offer, new byte[3]),
                BAD_REQUEST);
    }

    @Test
    void aTamperedOfferWithANonceWithoutTheCookieDoesNotPassEither() {
        assertRejected(
                alice().with(Attributes.NONCE, "no-cookie").offering(List.of(MD5)).choosing(MD5),
                STALE_NONCE);
        assertRejected(
                alice().with(Attributes.NONCE, withoutFeatures())
                        .without(Attributes.PASSWORD_ALGORITHMS),
                STALE_NONCE);
    }

    @Test
    void aClientTalkedOutOfTheFeatureIsGivenANewNonce() {
        assertRejected(
                SignedRequest.classic(authenticator.challenge(client), "alice", "wonderland")
                        .with(Attributes.NONCE, withoutFeatures()),
                STALE_NONCE);
    }

    @Test
    void anOfferOfABygoneServerIsAnsweredWithStaleNonceSoThatTheClientComesBack() {
        SignedRequest request = alice().offering(List.of(SHA_256));
        clock.advance(Duration.ofMinutes(20));

        assertRejected(request, STALE_NONCE);
    }

    @Test
    void aUserKnownByMd5KeyAloneLeavesOnlyMd5ToOffer() {
        Authenticator md5Only =
                authenticator(
                        Map.of(
                                "alice",
                                "wonderland",
                                "user",
                                "0x8493fbc53ba582fb4c044c456bdc40eb"));
        Challenge challenge = md5Only.challenge(client);

        assertThat(challenge.passwordAlgorithms()).containsExactly(MD5);
        assertThat(
                        md5Only.authenticate(
                                SignedRequest.modern(challenge, "alice", "wonderland").build(),
                                client))
                .isInstanceOf(Verdict.Authenticated.class);
        assertThat(
                        md5Only.authenticate(
                                SignedRequest.modern(challenge, "alice", "wonderland")
                                        .choosing(SHA_256)
                                        .build(),
                                client))
                .extracting("code")
                .isEqualTo(BAD_REQUEST);
    }

    @Test
    void aUserKnownBySha256KeyAloneShutsClassicClientsOut() {
        Authenticator sha256Only = authenticator(Map.of("alice", "0x" + "5a".repeat(32)));
        Challenge challenge = sha256Only.challenge(client);

        assertThat(challenge.passwordAlgorithms()).containsExactly(SHA_256);
        assertThat(
                        sha256Only.authenticate(
                                SignedRequest.classic(challenge, "alice", "guess").build(), client))
                .extracting("code")
                .isEqualTo(UNAUTHENTICATED);
    }

    private Authenticator authenticator(Map<String, String> users) {
        return new Authenticator(REALM, List.of(new StaticUsers(REALM, users)), nonces);
    }

    private SignedRequest alice() {
        return SignedRequest.modern(authenticator.challenge(client), "alice", "wonderland");
    }

    private String withoutFeatures() {
        String nonce = authenticator.challenge(client).nonce();
        String bare = NonceCookie.prefix(Set.of());
        return bare + nonce.substring(bare.length());
    }

    private void assertIntegrity(SignedRequest request, Integrity ofResponse) {
        assertThat(authenticator.authenticate(request.build(), client))
                .isInstanceOfSatisfying(
                        Verdict.Authenticated.class,
                        verdict -> assertThat(verdict.integrity()).isEqualTo(ofResponse));
    }

    private void assertRejected(SignedRequest request, ErrorCode code) {
        assertThat(authenticator.authenticate(request.build(), client))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        verdict -> assertThat(verdict.code()).isEqualTo(code));
    }
}
