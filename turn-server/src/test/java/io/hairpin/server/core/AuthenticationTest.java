package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.NONCE;
import static io.hairpin.stun.Attributes.PASSWORD_ALGORITHM;
import static io.hairpin.stun.Attributes.PASSWORD_ALGORITHMS;
import static io.hairpin.stun.Attributes.REALM;
import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;
import static io.hairpin.stun.Attributes.USERNAME;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.STALE_NONCE;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;
import static io.hairpin.stun.Method.ALLOCATE;
import static io.hairpin.stun.Method.CHANNEL_BIND;
import static io.hairpin.stun.Method.CREATE_PERMISSION;
import static io.hairpin.stun.Method.REFRESH;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.auth.TurnRestCredential;
import io.hairpin.server.core.ClientCredentials.Dialect;
import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.Method;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

/// What the core makes of the long-term credential mechanism (RFC 8489 §9.2): when it asks, and
/// how it signs. The verdicts themselves are tested beside [io.hairpin.server.auth.Authenticator].
class AuthenticationTest {

    private static final String RELAYED = "198.51.100.1:50000";

    private final TurnScript turn = TurnScript.start();

    @ParameterizedTest
    @EnumSource(names = {"ALLOCATE", "REFRESH", "CREATE_PERMISSION", "CHANNEL_BIND"})
    @Rfc({"8016 §5", "8489 §9.2.4", "8656 §5", "8656 §7.2 step 1"})
    void everyRequestButBindingIsAskedForCredentials(Method method) {
        ScriptClient alice = turn.stranger("alice");
        StunMessage request = alice.unsigned(method);

        turn.receives(alice, request).expect(alice.challenge(request, UNAUTHENTICATED));
    }

    @Test
    @Rfc("8489 §9.2.4")
    void aChallengeCarriesRealmNonceAndAlgorithmsAndNoIntegrity() {
        ScriptClient alice = turn.stranger("alice");

        List<Effect> effects = turn.receives(alice, alice.unsigned(ALLOCATE)).ignored();

        StunMessage challenge = ((Effect.Reject) effects.getFirst()).message();
        assertThat(challenge.integrity()).isEmpty();
        assertThat(challenge.find(REALM)).contains(TurnScript.REALM);
        assertThat(challenge.find(NONCE)).isPresent();
        assertThat(challenge.find(PASSWORD_ALGORITHMS))
                .contains(List.of(PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5));
    }

    @Test
    @Rfc("8489 §9.2.4")
    void theNonceOfAChallengeIsGoodForTheNextRequest() {
        ScriptClient alice = turn.client("alice");

        turn.receives(alice, alice.allocate()).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("8489 §9.2.4")
    void aWrongPasswordIsChallengedAgain() {
        ScriptClient mallory = turn.client("alice", "guessed");
        StunMessage request = mallory.allocate();

        turn.receives(mallory, request).expect(mallory.challenge(request, UNAUTHENTICATED));
    }

    @Test
    @Rfc("8489 §9.2.4")
    void anUnknownUserIsChallengedAgain() {
        ScriptClient nobody = turn.client("nobody", "nothing");
        StunMessage request = nobody.allocate();

        turn.receives(nobody, request).expect(nobody.challenge(request, UNAUTHENTICATED));
    }

    @Test
    @Rfc("8489 §9.2.4")
    void integrityWithoutTheRestIsABadRequestThatNobodySigns() {
        ScriptClient alice = turn.client("alice");
        StunMessage request =
                StunMessage.request(ALLOCATE, alice.nextTransaction())
                        .with(REQUESTED_TRANSPORT, 17)
                        .with(USERNAME, "alice")
                        .integrity(Integrity.SHA1, alice.key())
                        .build();

        turn.receives(alice, request).expect(Answer.error(alice.tuple(), request, BAD_REQUEST));
    }

    @Test
    @Rfc("8489 §9.2.4")
    void anOldNonceIsStaleAndTheNewOneIsGood() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.staleNonce = Duration.ofMinutes(10);
        TurnScript script = setting.start();
        ScriptClient alice = script.client("alice");
        script.waits(Duration.ofMinutes(20));
        StunMessage late = alice.allocate();

        TurnScript.Outcome refused = script.receives(alice, late);
        refused.expect(alice.challenge(late, STALE_NONCE));
        alice.learn(refused.ignored());

        script.receives(alice, alice.allocate()).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("8489 §9.2.4")
    void aNonceIsNoGoodToAnotherClient() {
        ScriptClient alice = turn.client("alice");
        ScriptClient bob = turn.stranger("bob").withNonceOf(alice);
        StunMessage request = bob.allocate();

        turn.receives(bob, request).expect(bob.challenge(request, STALE_NONCE));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    @Rfc("8489 §9.2.4")
    void successAndErrorAreSignedTheWayTheClientAsked(Dialect dialect) {
        ScriptClient alice = turn.client("alice").speaks(dialect);
        turn.allocated(alice, 1, RELAYED);
        StunMessage good = alice.refresh(600);
        StunMessage bad = alice.request(CREATE_PERMISSION, builder -> builder);

        turn.receives(alice, good).expect(alice.success(good).with(LIFETIME, 600L));
        turn.receives(alice, bad).expect(alice.error(bad, BAD_REQUEST));
    }

    @Test
    @Rfc("8489 §9.2.4")
    void algorithmsAlteredOnTheWayAreABadRequest() {
        ScriptClient alice = turn.client("alice");
        StunMessage request =
                StunMessage.request(ALLOCATE, alice.nextTransaction())
                        .with(REQUESTED_TRANSPORT, 17)
                        .with(USERNAME, "alice")
                        .with(REALM, TurnScript.REALM)
                        .with(NONCE, alice.nonce())
                        .with(PASSWORD_ALGORITHMS, List.of(PasswordAlgorithm.MD5))
                        .with(PASSWORD_ALGORITHM, PasswordAlgorithm.MD5)
                        .integrity(Integrity.SHA256, alice.key())
                        .build();

        turn.receives(alice, request).expect(Answer.error(alice.tuple(), request, BAD_REQUEST));
    }

    @Test
    void anExpiredCredentialOpensNothingNew() {
        ScriptClient guest = guest(Duration.ofMinutes(1));
        turn.waits(Duration.ofMinutes(2));
        StunMessage request = guest.allocate();

        turn.receives(guest, request).expect(guest.challenge(request, UNAUTHENTICATED));

        assertThat(turn.quotas.held()).isZero();
    }

    @Test
    void anExpiredCredentialKeepsWhatItHas() {
        ScriptClient guest = guest(Duration.ofMinutes(1));
        turn.allocated(guest, 1, RELAYED);
        turn.waits(Duration.ofMinutes(2));
        StunMessage refresh = guest.refresh(600);
        StunMessage permission = guest.createPermission("8.8.8.8:1");
        StunMessage channel = guest.channelBind(0x4000, "8.8.8.8:1");

        turn.receives(guest, refresh).expect(guest.success(refresh).with(LIFETIME, 600L));
        turn.receives(guest, permission).expect(guest.success(permission));
        turn.receives(guest, channel).expect(guest.success(channel));
    }

    @Test
    void aRetransmissionIsAnsweredAlsoWhenTheCredentialHasExpiredMeanwhile() {
        ScriptClient guest = guest(Duration.ofMinutes(1));
        StunMessage request = guest.allocate();
        turn.receives(guest, request).ignored();
        turn.relayOpens(1, RELAYED).ignored();
        turn.waits(Duration.ofMinutes(2));

        assertThat(turn.receives(guest, request).ignored())
                .singleElement()
                .isInstanceOf(Effect.Send.class);
    }

    @Test
    void aClientThatIsNotKnownLearnsNothingOfAllocationsNorAttributes() {
        ScriptClient alice = turn.client("alice");
        turn.allocated(alice, 1, RELAYED);
        ScriptClient mallory = alice.impersonating("alice", "guessed");

        for (Method method : List.of(ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND)) {
            StunMessage request =
                    mallory.request(
                            method, builder -> builder.with(AttributeType.of(0x7FFF), new byte[4]));
            turn.receivesOn(alice, mallory, request)
                    .expect(mallory.challenge(request, UNAUTHENTICATED));
        }
    }

    @Test
    void aMethodThatIsNoRequestIsRefusedAfterAuthentication() {
        ScriptClient alice = turn.client("alice");

        for (Method method : List.of(Method.SEND, Method.DATA, Method.CONNECTION_ATTEMPT)) {
            StunMessage request = alice.request(method, builder -> builder);
            turn.receives(alice, request).expect(alice.error(request, BAD_REQUEST));
        }
    }

    @Test
    @Rfc("8656 §5")
    void indicationsOfRequestMethodsAreDropped() {
        ScriptClient alice = turn.client("alice");

        for (Method method : List.of(ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND)) {
            StunMessage indication =
                    StunMessage.indication(method, alice.nextTransaction()).build();
            turn.receives(alice, indication).expect(alice.drop(DropReason.UNEXPECTED_INDICATION));
        }
    }

    @Test
    @Rfc("8489 §7")
    void answersToAuthenticatedRequestsHaveAFingerprintIfTheRequestHad() {
        ScriptClient alice = turn.client("alice");
        turn.allocated(alice, 1, RELAYED);
        StunMessage.Builder refresh =
                StunMessage.request(REFRESH, alice.nextTransaction()).with(LIFETIME, 600L);
        StunMessage request = alice.signed(refresh).fingerprint().build();

        turn.receives(alice, request)
                .expect(alice.success(request).with(LIFETIME, 600L).withFingerprint());
    }

    /// A user of a web service whose credential is good for so long.
    private ScriptClient guest(Duration validity) {
        TurnRestCredential credential =
                TurnRestCredential.mint(
                        TurnScript.SECRET,
                        "guest",
                        TurnScript.EPOCH.plusNanos(turn.now()).plus(validity));
        return turn.client(credential.username(), credential.password());
    }
}
