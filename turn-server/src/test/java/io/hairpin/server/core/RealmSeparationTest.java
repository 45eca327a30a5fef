package io.hairpin.server.core;

import static io.hairpin.server.core.TwoRealms.FIRST;
import static io.hairpin.server.core.TwoRealms.OTHER;
import static io.hairpin.server.core.TwoRealms.OTHERS;
import static io.hairpin.server.core.TwoRealms.SERVER;
import static io.hairpin.server.core.TwoRealms.tuple;
import static io.hairpin.stun.Attributes.EVEN_PORT;
import static io.hairpin.stun.Attributes.NONCE;
import static io.hairpin.stun.Attributes.REALM;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;

/// Each realm keeps to itself.
class RealmSeparationTest {

    private final TwoRealms two = new TwoRealms();

    @Test
    void usersOfOneRealmAreNobodyInAnother() {
        FiveTuple tuple = tuple(1, OTHERS);
        StunMessage request =
                two.signed(
                        Method.ALLOCATE,
                        "alice",
                        OTHER,
                        "a",
                        two.nonce(tuple, TwoRealms::plain),
                        TwoRealms::plain);

        assertThat(two.rejected(tuple, request).code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void aNonceIsGoodInItsRealmAlone() {
        FiveTuple tuple = tuple(1, SERVER);
        StunMessage request =
                two.signed(
                        Method.ALLOCATE,
                        "alice",
                        OTHER,
                        "n",
                        two.nonce(tuple, TwoRealms::plain),
                        TwoRealms::plain);

        Effect.Reject answer = two.rejected(tuple, request);
        assertThat(answer.code()).isEqualTo(ErrorCode.STALE_NONCE);
        assertThat(answer.message().find(REALM)).contains(OTHER);
        String fresh = answer.message().find(NONCE).orElseThrow();
        two.assertOpens(
                tuple, two.signed(Method.ALLOCATE, "alice", OTHER, "n", fresh, TwoRealms::plain));
    }

    @Test
    void eachRealmHasItsOwnRulesForPeers() {
        FiveTuple here = tuple(1, SERVER);
        FiveTuple there = tuple(2, OTHERS);
        two.allocated(here, "alice", FIRST, "a");
        two.allocated(there, "alice", OTHER, "n");
        String peer = "10.1.2.3:1";

        assertThat(
                        two.rejected(
                                        here,
                                        two.permission(
                                                "alice",
                                                FIRST,
                                                "a",
                                                two.nonce(here, TwoRealms::plain),
                                                peer))
                                .code())
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(
                        two.handle(
                                there,
                                two.permission(
                                        "alice",
                                        OTHER,
                                        "n",
                                        two.nonce(there, TwoRealms::plain),
                                        peer)))
                .first()
                .isInstanceOf(Effect.Send.class);
    }

    @Test
    void theSameNameInAnotherRealmIsAnotherUser() {
        FiveTuple tuple = tuple(1, SERVER);
        two.allocated(tuple, "alice", FIRST, "a");
        StunMessage stale = two.permission("alice", OTHER, "n", "no nonce", "8.8.8.8:1");
        String nonce = two.rejected(tuple, stale).message().find(NONCE).orElseThrow();

        Effect.Reject answer =
                two.rejected(tuple, two.permission("alice", OTHER, "n", nonce, "8.8.8.8:1"));
        assertThat(answer.code()).isEqualTo(ErrorCode.WRONG_CREDENTIALS);
    }

    @Test
    void reservedPortsAreOfARealmAndOfItsUsers() {
        assertThat(reserving(tuple(1, OTHERS), "alice", OTHER, "n"))
                .isInstanceOf(Effect.OpenRelay.class);

        assertRefused(tuple(2, OTHERS), "carol@" + OTHER, OTHER, "c", Limit.REALM_RESERVATIONS);
        assertThat(reserving(tuple(3, SERVER), "alice", FIRST, "a"))
                .isInstanceOf(Effect.OpenRelay.class);
        assertThat(two.all.of(Resource.RESERVATION).held()).isEqualTo(2);
        two.core.handle(
                new Event.RelayFailed(new AllocationId(1), AddressFamily.IPV4, "no port"), 0);
        assertThat(two.all.of(Resource.RESERVATION).held()).isEqualTo(1);
        assertThat(two.other.quotas().of(Resource.RESERVATION).held()).isZero();
        assertThat(Leftovers.in(two.other.quotas().of(Resource.RESERVATION))).isEmpty();
    }

    @Test
    void permissionsAreOfARealmAndOfItsUsers() {
        two.allocated(tuple(1, OTHERS), "alice", OTHER, "n");
        two.allocated(tuple(2, OTHERS), "carol@" + OTHER, OTHER, "c");
        two.allocated(tuple(3, SERVER), "alice", FIRST, "a");

        assertThat(permitted(tuple(1, OTHERS), "alice", OTHER, "n", "8.8.8.8:1"))
                .isInstanceOf(Effect.Send.class);
        assertThat(permitted(tuple(2, OTHERS), "carol@" + OTHER, OTHER, "c", "8.8.8.8:1"))
                .asInstanceOf(type(Effect.Reject.class))
                .extracting(Effect.Reject::detail)
                .isEqualTo(Limit.REALM_PERMISSIONS.setting() + " reached");
        assertThat(permitted(tuple(3, SERVER), "alice", FIRST, "a", "8.8.8.8:1"))
                .isInstanceOf(Effect.Send.class);
        assertThat(permitted(tuple(3, SERVER), "alice", FIRST, "a", "8.8.4.4:1"))
                .isInstanceOf(Effect.Send.class);
        assertThat(two.all.of(Resource.PERMISSION).held()).isEqualTo(3);

        two.core.handle(new Event.TimePassed(), Duration.ofHours(1).toNanos());
        assertThat(Leftovers.in(two.all.of(Resource.PERMISSION))).isEmpty();
        assertThat(Leftovers.in(two.other.quotas().of(Resource.PERMISSION))).isEmpty();
    }

    private Effect permitted(
            FiveTuple tuple, String user, String realm, String password, String peer) {
        String nonce = two.nonce(tuple, TwoRealms::plain);
        return two.handle(tuple, two.permission(user, realm, password, nonce, peer)).getFirst();
    }

    private void assertRefused(
            FiveTuple tuple, String user, String realm, String password, Limit limit) {
        Effect.Reject refused = (Effect.Reject) reserving(tuple, user, realm, password);
        assertThat(refused.code()).isEqualTo(ErrorCode.INSUFFICIENT_CAPACITY);
        assertThat(refused.detail()).isEqualTo(limit.setting() + " reached");
    }

    private Effect reserving(FiveTuple tuple, String user, String realm, String password) {
        StunMessage request =
                two.signed(
                        Method.ALLOCATE,
                        user,
                        realm,
                        password,
                        two.nonce(tuple, TwoRealms::plain),
                        more -> more.with(EVEN_PORT, true));
        return two.handle(tuple, request).getFirst();
    }

    @Test
    void quotasAreOfARealmAndWithinThoseOfTheServer() {
        two.allocated(tuple(1, OTHERS), "alice", OTHER, "n");
        FiveTuple second = tuple(2, OTHERS);
        StunMessage more =
                two.signed(
                        Method.ALLOCATE,
                        "alice",
                        OTHER,
                        "n",
                        two.nonce(second, TwoRealms::plain),
                        TwoRealms::plain);
        assertThat(two.rejected(second, more).code()).isEqualTo(ErrorCode.ALLOCATION_QUOTA_REACHED);

        two.allocated(tuple(3, SERVER), "alice", FIRST, "a");
        two.allocated(tuple(4, SERVER), "alice", FIRST, "a");
        assertThat(two.quotas.held()).isEqualTo(3);
        FiveTuple last = tuple(5, SERVER);
        StunMessage full =
                two.signed(
                        Method.ALLOCATE,
                        "bob",
                        FIRST,
                        "b",
                        two.nonce(last, TwoRealms::plain),
                        TwoRealms::plain);
        assertThat(two.rejected(last, full).code()).isEqualTo(ErrorCode.INSUFFICIENT_CAPACITY);

        for (int i = 1; i <= 4; i++) {
            InetSocketAddress server = i < 3 ? OTHERS : SERVER;
            two.core.handle(new Event.ClientClosed(tuple(i, server)), 0);
        }
        assertThat(two.quotas.held()).isZero();
        assertThat(Leftovers.in(two.quotas)).isEmpty();
        assertThat(Leftovers.in(two.core)).isEmpty();
    }
}
