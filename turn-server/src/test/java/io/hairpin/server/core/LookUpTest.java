package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.lookUp;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.ErrorCode.SERVER_ERROR;
import static io.hairpin.stun.ErrorCode.STALE_NONCE;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.Expiry;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// Users that only a store knows, which takes its time, or does not answer at all.
class LookUpTest {

    private static final String RELAYED = "198.51.100.1:50000";
    private static final int GUESSES = 4;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Credential CAROL = carol("secret");

    private final Quotas waiting = new Quotas(2, 2);
    private final SourceQuotas waitingOf = new SourceQuotas(10, 10, List.of());
    private final TurnScript.Setting setting = setting();
    private final TurnScript turn = setting.start();
    private final ScriptClient carol = turn.client("carol", "secret");

    @Test
    void whoeverIsNotKnownHereIsLookedUpAndThenServed() {
        StunMessage request = carol.allocate();
        turn.receives(carol, request).expect(lookUp(1, carol));

        turn.finds(1, CAROL).expect(openRelay(1, carol, IPV4, ANY_PORT));

        assertNobodyWaits();
    }

    @Test
    void aWrongPasswordAndAnUnknownNameAreAnsweredAlike() {
        ScriptClient mallory = turn.client("carol", "guessed");
        StunMessage wrong = mallory.allocate();
        turn.receives(mallory, wrong).expect(lookUp(1, mallory));
        turn.finds(1, CAROL).expect(mallory.challenge(wrong, UNAUTHENTICATED));

        ScriptClient nobody = turn.client("nobody", "secret");
        StunMessage unknown = nobody.allocate();
        turn.receives(nobody, unknown).expect(lookUp(2, nobody));
        turn.finds(2).expect(nobody.challenge(unknown, UNAUTHENTICATED));
        assertNobodyWaits();
    }

    @Test
    void aWrongPasswordOfAUserKnownHereIsLookedUpAsThatOfAnyOther() {
        ScriptClient mallory = turn.client("alice", "guessed");

        turn.receives(mallory, mallory.allocate()).expect(lookUp(1, mallory));
    }

    @Test
    void usersKnownHereNeedNoStore() {
        ScriptClient alice = turn.client("alice");

        turn.receives(alice, alice.allocate()).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @Test
    void nobodyIsLookedUpWithoutAGoodNonce() {
        ScriptClient stranger = turn.client("carol", "secret");
        StunMessage stolen = stranger.withNonceOf(carol).allocate();

        turn.receives(stranger, stolen).expect(stranger.challenge(stolen, STALE_NONCE));

        assertNobodyWaits();
    }

    @Test
    void aStoreThatDoesNotKnowWhetherIsNoWayIn() {
        StunMessage request = carol.allocate();
        turn.receives(carol, request).expect(lookUp(1, carol));

        turn.findsOutNothing(1).expect(Answer.error(carol.tuple(), request, SERVER_ERROR));

        assertNobodyWaits();
    }

    @Test
    void aStoreThatHangsIsWaitedForSoLongAndNoLonger() {
        StunMessage request = carol.allocate();
        turn.receives(carol, request).expect(lookUp(1, carol));
        turn.passes(TIMEOUT.minusNanos(1)).expect();

        turn.passes(Duration.ofNanos(1)).expect(Answer.error(carol.tuple(), request, SERVER_ERROR));

        assertNobodyWaits();
        turn.finds(1, CAROL).expect();
    }

    @Test
    void whoeverWasRefusedForThatMaySendTheSameRequestAgain() {
        StunMessage request = carol.allocate();
        turn.receives(carol, request).expect(lookUp(1, carol));
        turn.findsOutNothing(1).ignored();

        turn.receives(carol, request).expect(lookUp(2, carol));

        turn.finds(2, CAROL).expect(openRelay(1, carol, IPV4, ANY_PORT));
    }

    @Test
    void aCopyOfARequestWaitsWithIt() {
        StunMessage request = carol.allocate();
        turn.receives(carol, request).expect(lookUp(1, carol));

        turn.receives(carol, request).expect(carol.drop(DropReason.AUTHENTICATION_PENDING));

        assertThat(waiting.held()).isEqualTo(1);
    }

    @Test
    void nobodyIsServedWhoIsGoneWhenFound() {
        ScriptClient onTcp = turn.client("alice", "guessed");
        turn.receives(onTcp, onTcp.allocate()).expect(lookUp(1, onTcp));
        turn.connectionCloses(onTcp).expect();

        turn.finds(1, CAROL).expect();

        assertNobodyWaits();
    }

    @Test
    void asManyWaitAsMayAndOthersAreToldSo() {
        ScriptClient[] clients = new ScriptClient[3];
        for (int i = 0; i < 2; i++) {
            clients[i] = turn.client("carol", "secret");
            turn.receives(clients[i], clients[i].allocate()).expect(lookUp(i + 1, clients[i]));
        }
        clients[2] = turn.client("carol", "secret");
        StunMessage request = clients[2].allocate();

        turn.receives(clients[2], request)
                .expect(Answer.error(clients[2].tuple(), request, SERVER_ERROR));

        assertThat(setting.limits.refusals().of(Limit.PENDING_AUTHENTICATIONS)).isEqualTo(1);
        assertThat(waitingOf.mostOfAddress()).isEqualTo(2);
        turn.finds(1).ignored();
        turn.receives(clients[2], clients[2].allocate()).expect(lookUp(4, clients[2]));
    }

    @Test
    void whoeverWouldGetNoAnswerIsNotLookedUp() {
        setting.answers = new Answers(new Strangers(GUESSES, 2 * GUESSES, 3 * GUESSES, 11), false);
        TurnScript wary = setting.start();
        ScriptClient mallory = wary.client("carol", "guessed");
        wary.waits(Duration.ofSeconds(1));
        for (int id = 1; id <= GUESSES; id++) {
            StunMessage guess = mallory.allocate();
            wary.receives(mallory, guess).expect(lookUp(id, mallory));
            wary.receives(mallory, guess).expect(mallory.drop(DropReason.AUTHENTICATION_PENDING));
            wary.finds(id, CAROL).expect(mallory.challenge(guess, UNAUTHENTICATED));
        }

        wary.receives(mallory, mallory.allocate())
                .expect(mallory.drop(DropReason.UNAUTHENTICATED_PER_SOURCE));

        assertNobodyWaits();
        wary.waits(Duration.ofSeconds(1));
        wary.receives(mallory, mallory.allocate()).expect(lookUp(GUESSES + 1, mallory));
        assertThat(waiting.held()).isEqualTo(1);
    }

    @Test
    void whoeverHasAuthenticatedIsLookedUpHoweverOften() {
        setting.answers = new Answers(new Strangers(GUESSES, 2 * GUESSES, 3 * GUESSES, 11), false);
        TurnScript wary = setting.start();
        ScriptClient alice = wary.client("alice");
        wary.receives(alice, alice.allocate()).ignored();
        ScriptClient guest = wary.client("carol", "secret");
        for (int id = 1; id <= 10 * GUESSES; id++) {
            StunMessage request = guest.allocate();
            wary.receives(guest, request).expect(lookUp(id, guest));
            wary.finds(id).expect(guest.challenge(request, UNAUTHENTICATED));
        }
    }

    @Test
    void anAllocationKeepsWhoItsOwnerIs() {
        allocated();
        StunMessage refresh = carol.refresh(600);
        StunMessage permission = carol.createPermission("8.8.8.8:1");

        turn.receives(carol, refresh).expect(carol.success(refresh).with(LIFETIME, 600L));
        turn.receives(carol, permission).expect(carol.success(permission));
    }

    @Test
    void whoeverGuessesThePasswordOfAnAllocationsOwnerIsLookedUp() {
        allocated();
        ScriptClient mallory = carol.impersonating("carol", "guessed");
        StunMessage refresh = mallory.refresh(0);

        turn.receivesOn(carol, mallory, refresh).expect(lookUp(2, carol));
        turn.finds(2, CAROL).expect(mallory.challenge(refresh, UNAUTHENTICATED));

        assertThat(turn.exists(1)).isTrue();
    }

    @Test
    void aPasswordThatWasChangedMeanwhileIsTakenOverByTheAllocation() {
        allocated();
        ScriptClient changed = carol.impersonating("carol", "changed");
        StunMessage refresh = changed.refresh(600);
        turn.receivesOn(carol, changed, refresh).expect(lookUp(2, carol));
        turn.finds(2, carol("changed")).expect(changed.success(refresh).with(LIFETIME, 600L));
        StunMessage again = changed.refresh(600);

        turn.receivesOn(carol, changed, again).expect(changed.success(again).with(LIFETIME, 600L));
    }

    @Test
    void whatIsLeftOfACredentialRunsOutOnTheAllocationToo() {
        setting.expiry = Expiry.REFRESH;
        TurnScript strict = setting.start();
        ScriptClient guest = strict.client("carol", "secret");
        strict.receives(guest, guest.allocate()).expect(lookUp(1, guest));
        strict.finds(1, new Credential("carol", CAROL.key(), Duration.ofMinutes(1))).ignored();
        strict.relayOpens(1, RELAYED).ignored();
        StunMessage early = guest.refresh(600);
        strict.receives(guest, early).expect(guest.success(early).with(LIFETIME, 600L));

        strict.waits(Duration.ofMinutes(2));

        StunMessage late = guest.refresh(600);
        strict.receives(guest, late).expect(guest.challenge(late, UNAUTHENTICATED));
    }

    private void allocated() {
        turn.receives(carol, carol.allocate()).expect(lookUp(1, carol));
        turn.finds(1, CAROL).ignored();
        turn.relayOpens(1, RELAYED).ignored();
    }

    private void assertNobodyWaits() {
        assertThat(waiting.held()).isZero();
        assertThat(waitingOf.mostOfAddress()).isZero();
    }

    private static Credential carol(String password) {
        return new Credential(
                "carol",
                IntegrityKey.longTerm(PasswordAlgorithm.MD5, "carol", TurnScript.REALM, password));
    }

    private TurnScript.Setting setting() {
        TurnScript.Setting made = TurnScript.setting();
        made.lookUpTimeout = TIMEOUT;
        made.limit(Resource.AUTHENTICATION, waiting);
        made.limits =
                new SharedLimits(
                        ByResource.of(
                                each ->
                                        each == Resource.AUTHENTICATION
                                                ? waitingOf
                                                : SourceQuotas.NONE),
                        new SharedBandwidth(BandwidthLimits.NONE),
                        new Refusals());
        return made;
    }
}
