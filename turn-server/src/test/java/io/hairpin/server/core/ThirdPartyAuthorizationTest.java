package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.closed;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.server.core.Expected.opened;
import static io.hairpin.server.core.Expected.releasePort;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.ACCESS_TOKEN;
import static io.hairpin.stun.Attributes.EVEN_PORT;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.RESERVATION_TOKEN;
import static io.hairpin.stun.Attributes.THIRD_PARTY_AUTHORIZATION;
import static io.hairpin.stun.Attributes.UNKNOWN_ATTRIBUTES;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_RELAYED_ADDRESS;
import static io.hairpin.stun.ErrorCode.ALLOCATION_QUOTA_REACHED;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.STALE_NONCE;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;
import static io.hairpin.stun.ErrorCode.UNKNOWN_ATTRIBUTE;
import static io.hairpin.stun.ErrorCode.WRONG_CREDENTIALS;
import static io.hairpin.stun.Method.ALLOCATE;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.auth.TokenMint;
import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

/// What the core makes of access tokens (RFC 7635). What is a token, and what it is worth, is
/// tested beside [io.hairpin.server.auth.AccessTokens].
class ThirdPartyAuthorizationTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final String RELAYED = "198.51.100.1:50000";
    private static final String PEER = "8.8.8.8:7000";

    private final TokenMint north = TokenMint.of("north");
    private final TokenMint union = TokenMint.of("union");
    private final TurnScript turn = serving(north, union);
    private long minted;

    private static TurnScript serving(TokenMint... mints) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.mints = List.of(mints);
        return setting.start();
    }

    @ParameterizedTest
    @EnumSource(names = {"ALLOCATE", "REFRESH", "CREATE_PERMISSION", "CHANNEL_BIND"})
    @Rfc("7635 §6.1")
    void aChallengeNamesTheServerBesideTheRealm(Method method) {
        ScriptClient alice = turn.stranger("alice");
        StunMessage request = alice.unsigned(method);

        turn.receives(alice, request).expect(challenge(alice, request, UNAUTHENTICATED));
    }

    @Test
    @Rfc("7635 §6.1")
    void passwordsStillDoWhereTokensAreTaken() {
        ScriptClient alice = turn.client("alice");

        turn.receives(alice, alice.allocate()).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @Test
    @Rfc({"7635 §7", "7635 §9"})
    void aTokenOpensAnAllocationAndItsKeySignsTheAnswer() {
        ScriptClient bearer = turn.bearer(mint(north, HOUR));
        StunMessage request = bearer.allocate();

        turn.receives(bearer, request).expect(openRelay(1, bearer, IPV4, ANY_PORT));
        turn.relayOpens(1, RELAYED)
                .expect(opened(1, bearer, 600, RELAYED), allocated(bearer, request, 600));
    }

    @Test
    @Rfc("7635 §7")
    void answersHaveTheIntegrityOfTheRequest() {
        ScriptClient bearer =
                turn.bearer(north.mint(1, 32, turn.instant(), HOUR))
                        .signsTokenWith(Integrity.SHA256);
        turn.allocated(bearer, 1, RELAYED);
        StunMessage request = bearer.refresh(700);

        turn.receives(bearer, request).expect(bearer.success(request).with(LIFETIME, 700L));
    }

    @Test
    @Rfc("7635 §7")
    void aTokenThatIsNotOursIsChallenged() {
        TokenMint.Minted south = TokenMint.of("south").mint(1, 20, turn.instant(), HOUR);
        TokenMint.Minted elsewhere =
                north.forServer("turn.example.com").mint(1, 20, turn.instant(), HOUR);
        TokenMint.Minted old = north.mint(1, 20, turn.instant().minus(HOUR).minusSeconds(5), HOUR);

        for (TokenMint.Minted token : List.of(south, elsewhere, old)) {
            ScriptClient bearer = turn.bearer(token);
            StunMessage request = bearer.allocate();
            turn.receives(bearer, request).expect(challenge(bearer, request, UNAUTHENTICATED));
        }
    }

    @Test
    @Rfc("7635 §7")
    void aStaleNonceIsToldAndTheNewOneIsGood() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.mints = List.of(north);
        setting.staleNonce = Duration.ofMinutes(1);
        TurnScript script = setting.start();
        ScriptClient bearer = script.bearer(north.mint(1, 20, script.instant(), HOUR));
        script.waits(Duration.ofMinutes(3));
        StunMessage request = bearer.allocate();

        List<Effect> effects = script.receives(bearer, request).ignored();
        assertThat(((Effect.Reject) effects.getFirst()).code()).isEqualTo(STALE_NONCE);
        assertThat(((Effect.Reject) effects.getFirst()).message().find(THIRD_PARTY_AUTHORIZATION))
                .contains(TokenMint.SERVER_NAME);
        bearer.learn(effects);
        script.receives(bearer, bearer.allocate()).expect(openRelay(1, bearer, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("7635 §7")
    void aTokenWithoutANonceIsABadRequest() {
        ScriptClient bearer = turn.bearer(mint(north, HOUR));
        StunMessage request =
                StunMessage.request(ALLOCATE, bearer.nextTransaction())
                        .with(ACCESS_TOKEN, new byte[80])
                        .integrity(Integrity.SHA1, bearer.key())
                        .build();

        turn.receives(bearer, request).expect(bearer.error(request, BAD_REQUEST).unsigned());
    }

    @Test
    @Rfc("7635 §9")
    void anAllocationEndsWithItsToken() {
        ScriptClient bearer = turn.bearer(mint(north, Duration.ofMinutes(2)));
        StunMessage request = bearer.allocate(builder -> builder.with(LIFETIME, 3600L));

        turn.receives(bearer, request).expect(openRelay(1, bearer, IPV4, ANY_PORT));
        turn.relayOpens(1, RELAYED)
                .expect(opened(1, bearer, 125, RELAYED), allocated(bearer, request, 125));
        turn.passes(Duration.ofSeconds(125))
                .expect(closeRelay(1, IPV4), closed(1, bearer, CloseReason.EXPIRED));
    }

    @Test
    @Rfc("7635 §9")
    void whatPassesWhileTheRelayOpensCountsAgainstTheToken() {
        ScriptClient bearer = turn.bearer(mint(north, Duration.ofMinutes(2)));
        StunMessage request = bearer.allocate();

        turn.receives(bearer, request).expect(openRelay(1, bearer, IPV4, ANY_PORT));
        turn.waits(Duration.ofSeconds(25));
        turn.relayOpens(1, RELAYED)
                .expect(opened(1, bearer, 100, RELAYED), allocated(bearer, request, 100));
    }

    @Test
    @Rfc("7635 §9")
    void aTokenThatExpiresWhileTheRelaysOpenLeavesNothing() {
        ScriptClient bearer = turn.bearer(mint(north, Duration.ofMinutes(2)));
        StunMessage request = bearer.allocate(builder -> builder.with(EVEN_PORT, true));

        turn.receives(bearer, request)
                .expect(openRelay(1, bearer, IPV4, new PortChoice.Even(true)));
        turn.waits(Duration.ofSeconds(125));
        turn.relayOpens(1, RELAYED, "198.51.100.1:50001")
                .expect(
                        closeRelay(1, IPV4),
                        releasePort("198.51.100.1:50001"),
                        challenge(bearer, request, UNAUTHENTICATED));
        assertThat(turn.exists(1)).isFalse();
        assertThat(turn.quotas.held()).isZero();
        assertThat(turn.reservations.held()).isZero();
    }

    @Test
    @Rfc("7635 §9")
    void aRefreshLastsNoLongerThanTheTokenItShows() {
        ScriptClient bearer = turn.bearer(mint(north, HOUR));
        turn.allocated(bearer, 1, RELAYED);
        bearer.bears(mint(union, Duration.ofSeconds(30)));
        StunMessage request = bearer.refresh(600);

        turn.receives(bearer, request).expect(bearer.success(request).with(LIFETIME, 35L));
        turn.passes(Duration.ofSeconds(35))
                .expect(closeRelay(1, IPV4), closed(1, bearer, CloseReason.EXPIRED));
    }

    @Test
    @Rfc("7635 §9")
    void aNewTokenProlongsAnAllocationBeyondTheOldOne() {
        ScriptClient bearer = turn.bearer(mint(north, Duration.ofMinutes(2)));
        turn.allocated(bearer, 1, RELAYED);
        turn.waits(Duration.ofMinutes(1));
        bearer.bears(mint(union, HOUR));
        StunMessage refresh = bearer.refresh(600);
        turn.receives(bearer, refresh).expect(bearer.success(refresh).with(LIFETIME, 600L));

        turn.passes(Duration.ofMinutes(9)).expect();
        StunMessage permission = bearer.createPermission(PEER);
        turn.receives(bearer, permission).expect(bearer.success(permission));
    }

    @Test
    @Rfc("7635 §9")
    void anExpiredTokenDoesNotRefresh() {
        ScriptClient bearer = turn.bearer(mint(north, HOUR));
        turn.allocated(bearer, 1, RELAYED);
        bearer.bears(north.mint(9, 20, turn.instant().minus(HOUR).minusSeconds(5), HOUR));
        StunMessage request = bearer.refresh(600);

        turn.receives(bearer, request).expect(challenge(bearer, request, UNAUTHENTICATED));
    }

    @Test
    @Rfc("7635 §9")
    void requestsWithoutATokenAreSignedWithTheKeyOfTheLastOne() {
        ScriptClient bearer = turn.bearer(mint(north, HOUR));
        turn.allocated(bearer, 1, RELAYED);
        StunMessage permission = bearer.createPermission(PEER);
        StunMessage channel = bearer.channelBind(0x4000, PEER);
        StunMessage deletion = bearer.hidesToken().refresh(0);

        turn.receives(bearer, permission).expect(bearer.success(permission));
        turn.receives(bearer, channel).expect(bearer.success(channel));
        turn.receives(bearer, deletion)
                .expect(
                        closeRelay(1, IPV4),
                        closed(1, bearer, CloseReason.DELETED),
                        bearer.success(deletion).with(LIFETIME, 0L));
    }

    @Test
    @Rfc("7635 §9")
    void aRequestThatARefreshOvertookIsStillGood() {
        TokenMint.Minted first = mint(north, HOUR);
        ScriptClient bearer = turn.bearer(first);
        turn.allocated(bearer, 1, RELAYED);
        StunMessage before = bearer.createPermission(PEER);
        turn.receives(bearer.bears(mint(union, HOUR)), bearer.refresh(600)).ignored();

        Answer answer = bearer.bears(first).success(before);
        turn.receives(bearer, before).expect(answer);
    }

    @Test
    @Rfc("7635 §9")
    void theTokenBeforeTheLastButOneIsForgotten() {
        TokenMint.Minted first = mint(north, HOUR);
        ScriptClient bearer = turn.bearer(first);
        turn.allocated(bearer, 1, RELAYED);
        turn.receives(bearer.bears(mint(union, HOUR)), bearer.refresh(600)).ignored();
        turn.receives(bearer.bears(mint(union, HOUR)), bearer.refresh(600)).ignored();
        StunMessage late = bearer.bears(first).createPermission(PEER);

        turn.receives(bearer, late).expect(challenge(bearer, late, UNAUTHENTICATED));
    }

    @Test
    @Rfc("7635 §9")
    void theKeyOfATokenIsGoodOnTheFiveTupleOfItsAllocationAlone() {
        TokenMint.Minted token = mint(north, HOUR);
        turn.allocated(turn.bearer(token), 1, RELAYED);
        ScriptClient other = turn.bearer(token);
        StunMessage request = other.createPermission(PEER);

        turn.receives(other, request).expect(challenge(other, request, UNAUTHENTICATED));
    }

    @Test
    @Rfc("7635 §9")
    void oneTokenOpensSeveralAllocations() {
        TokenMint.Minted token = mint(north, HOUR);
        turn.allocated(turn.bearer(token), 1, RELAYED);
        ScriptClient again = turn.bearer(token);

        turn.receives(again, again.allocate()).expect(openRelay(2, again, IPV4, ANY_PORT));
    }

    @Test
    void eachTokenHasAQuotaOfItsOwn() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.mints = List.of(north);
        setting.quotas = new Quotas(10, 1);
        TurnScript script = setting.start();
        TokenMint.Minted token = north.mint(1, 20, script.instant(), HOUR);
        script.allocated(script.bearer(token), 1, RELAYED);
        ScriptClient again = script.bearer(token);
        ScriptClient other = script.bearer(north.mint(2, 20, script.instant(), HOUR));
        StunMessage request = again.allocate();

        script.receives(again, request).expect(again.error(request, ALLOCATION_QUOTA_REACHED));
        script.receives(other, other.allocate()).expect(openRelay(2, other, IPV4, ANY_PORT));
    }

    @Test
    void theQuotaOfTheFirstTokenIsGivenBackAfterItWasReplaced() {
        ScriptClient bearer = turn.bearer(mint(north, HOUR));
        turn.allocated(bearer, 1, RELAYED);
        turn.receives(bearer.bears(mint(union, HOUR)), bearer.refresh(600)).ignored();

        turn.receives(bearer, bearer.refresh(0)).ignored();

        assertThat(turn.quotas.held()).isZero();
        assertThat(Leftovers.in(turn.quotas)).isEmpty();
    }

    @Test
    void usersAndBearersDoNotUseEachOthersAllocations() {
        ScriptClient alice = turn.client("alice");
        turn.allocated(alice, 1, RELAYED);
        ScriptClient intruder =
                new ScriptClient("", "", alice.tuple()).withNonceOf(alice).bears(mint(north, HOUR));
        StunMessage taken = intruder.refresh(0);
        turn.receivesOn(alice, intruder, taken).expect(intruder.error(taken, WRONG_CREDENTIALS));

        ScriptClient bearer = turn.bearer(mint(north, HOUR));
        turn.allocated(bearer, 2, "198.51.100.1:50002");
        ScriptClient bob = new ScriptClient("bob", "builder", bearer.tuple()).withNonceOf(bearer);
        StunMessage request = bob.refresh(0);
        turn.receivesOn(bearer, bob, request).expect(bob.error(request, WRONG_CREDENTIALS));
    }

    @Test
    void aReservationMadeWithOneTokenIsClaimedWithAnother() {
        ScriptClient bearer = turn.bearer(mint(north, HOUR));
        turn.receives(bearer, bearer.allocate(builder -> builder.with(EVEN_PORT, true))).ignored();
        List<Effect> effects = turn.relayOpens(1, RELAYED, "198.51.100.1:50001").ignored();
        long token =
                ((Effect.Send) effects.getLast()).message().find(RESERVATION_TOKEN).orElseThrow();
        ScriptClient alice = turn.client("alice");
        StunMessage users = alice.allocate(builder -> builder.with(RESERVATION_TOKEN, token));
        turn.receives(alice, users).expect(alice.error(users, ErrorCode.INSUFFICIENT_CAPACITY));

        ScriptClient other = turn.bearer(mint(union, HOUR));
        turn.receives(other, other.allocate(builder -> builder.with(RESERVATION_TOKEN, token)))
                .expect(
                        openRelay(
                                2,
                                other,
                                IPV4,
                                new PortChoice.Reserved(TestAddresses.of("198.51.100.1:50001"))));
    }

    @Test
    @Rfc("7635 §9")
    void aRetransmittedAllocateGetsTheSameAnswer() {
        ScriptClient bearer = turn.bearer(mint(north, HOUR));
        StunMessage request = bearer.allocate();
        turn.receives(bearer, request).ignored();
        turn.receives(bearer, request).expect(bearer.drop(DropReason.ALLOCATE_PENDING));
        turn.relayOpens(1, RELAYED).ignored();

        turn.receives(bearer, request).expect(allocated(bearer, request, 600));
    }

    @Test
    @Rfc("7635 §7")
    void aTokenThatIsNotAskedForIsAnUnknownAttribute() {
        TurnScript without = TurnScript.start();
        ScriptClient alice = without.client("alice");
        StunMessage request = alice.allocate(builder -> builder.with(ACCESS_TOKEN, new byte[80]));

        without.receives(alice, request)
                .expect(
                        alice.error(request, UNKNOWN_ATTRIBUTE)
                                .with(UNKNOWN_ATTRIBUTES, List.of(ACCESS_TOKEN.code())));
    }

    private TokenMint.Minted mint(TokenMint by, Duration lifetime) {
        return by.mint(++minted, 20, turn.instant(), lifetime);
    }

    private static Answer allocated(ScriptClient client, StunMessage request, long seconds) {
        return client.success(request)
                .with(XOR_RELAYED_ADDRESS, TestAddresses.of(RELAYED))
                .with(LIFETIME, seconds)
                .with(XOR_MAPPED_ADDRESS, client.tuple().client());
    }

    private static Answer challenge(ScriptClient client, StunMessage request, ErrorCode code) {
        return client.challenge(request, code)
                .with(THIRD_PARTY_AUTHORIZATION, TokenMint.SERVER_NAME);
    }
}
