package io.hairpin.server.core;

import static io.hairpin.server.core.TwoRealms.FIRST;
import static io.hairpin.server.core.TwoRealms.OTHER;
import static io.hairpin.server.core.TwoRealms.OTHERS;
import static io.hairpin.server.core.TwoRealms.SERVER;
import static io.hairpin.server.core.TwoRealms.tuple;
import static io.hairpin.stun.Attributes.NONCE;
import static io.hairpin.stun.Attributes.REALM;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.UnaryOperator;

/// Which realm serves whom.
class RealmsTest {

    private final TwoRealms two = new TwoRealms();

    @Test
    void withoutAnythingElseTheFirstRealmServes() {
        assertThat(two.challenge(tuple(1, SERVER), TwoRealms::plain).find(REALM)).contains(FIRST);
    }

    @Test
    void aListenerLeadsToItsRealm() {
        assertThat(two.challenge(tuple(1, OTHERS), TwoRealms::plain).find(REALM)).contains(OTHER);
        two.allocated(tuple(1, OTHERS), "alice", OTHER, "n");
    }

    @Test
    void aNameThatEndsInARealmLeadsThere() {
        FiveTuple tuple = tuple(1, SERVER);
        String user = "carol@" + OTHER;
        StunMessage request =
                two.signed(
                        Method.ALLOCATE,
                        user,
                        FIRST,
                        "c",
                        two.nonce(tuple, TwoRealms::plain),
                        TwoRealms::plain);

        Effect.Reject answer = two.rejected(tuple, request);
        assertThat(answer.code()).isEqualTo(ErrorCode.STALE_NONCE);
        assertThat(answer.message().find(REALM)).contains(OTHER);
        String fresh = answer.message().find(NONCE).orElseThrow();
        two.assertOpens(
                tuple, two.signed(Method.ALLOCATE, user, OTHER, "c", fresh, TwoRealms::plain));
    }

    @Test
    void aNameLeadsNowhereUnlessItMay() {
        TurnCore strict = two.core(List.of(), false);
        FiveTuple tuple = tuple(1, SERVER);
        StunMessage bare = two.request(Method.ALLOCATE, TwoRealms::plain).build();
        Effect.Reject asked =
                (Effect.Reject) strict.handle(new Event.MessageReceived(tuple, bare), 0).getFirst();
        String nonce = asked.message().find(NONCE).orElseThrow();
        StunMessage request =
                two.signed(Method.ALLOCATE, "carol@" + OTHER, OTHER, "c", nonce, TwoRealms::plain);

        Effect.Reject answer =
                (Effect.Reject)
                        strict.handle(new Event.MessageReceived(tuple, request), 0).getFirst();
        assertThat(answer.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(answer.message().find(REALM)).contains(FIRST);
    }

    @Test
    void anOriginLeadsToItsRealmAlsoForWhatComesAfter() {
        UnaryOperator<StunMessage.Builder> origin = TwoRealms.origin("HTTPS://app.example.net");
        FiveTuple tuple = tuple(1, SERVER);

        assertThat(two.challenge(tuple, origin).find(REALM)).contains(OTHER);
        String nonce = two.nonce(tuple, origin);
        two.assertOpens(tuple, two.signed(Method.ALLOCATE, "alice", OTHER, "n", nonce, origin));
        two.opened("198.51.100.1:50000");
        StunMessage permission = two.permission("alice", OTHER, "n", nonce, "10.1.2.3:1");
        assertThat(two.handle(tuple, permission)).first().isInstanceOf(Effect.Send.class);
    }

    @Test
    void whatAClientAskedForInTlsLeadsToItsRealmBeforeItsListener() {
        FiveTuple tuple = tuple(1, SERVER);
        StunMessage bare = two.request(Method.ALLOCATE, TwoRealms::plain).build();

        for (String name : List.of("turn.example.net", "TURN.example.net.")) {
            assertThat(realmFor(tuple, bare, name)).isEqualTo(OTHER);
        }
        for (String name : List.of("", "example.net", "turn.example.org")) {
            assertThat(realmFor(tuple, bare, name)).isEqualTo(FIRST);
        }
    }

    private String realmFor(FiveTuple tuple, StunMessage bare, String serverName) {
        Effect.Reject answer =
                (Effect.Reject)
                        two.core
                                .handle(new Event.MessageReceived(tuple, bare, serverName), 0)
                                .getFirst();
        return answer.message().find(REALM).orElseThrow();
    }

    @Test
    void anAllocationKeepsToItsOriginWhereThatIsAsked() {
        TurnCore strict = TwoRealms.core(new Realms(two.first, true));
        UnaryOperator<StunMessage.Builder> origin = TwoRealms.origin("https://app.example.com");
        FiveTuple tuple = tuple(1, SERVER);
        StunMessage bare = two.request(Method.ALLOCATE, origin).build();
        String nonce = TwoRealms.only(strict, tuple, bare).message().find(NONCE).orElseThrow();
        strict.handle(
                new Event.MessageReceived(
                        tuple, two.signed(Method.ALLOCATE, "alice", FIRST, "a", nonce, origin)),
                0);
        strict.handle(
                new Event.RelayOpened(
                        new AllocationId(1),
                        AddressFamily.IPV4,
                        TestAddresses.of("198.51.100.1:50000"),
                        null),
                0);

        for (UnaryOperator<StunMessage.Builder> other :
                List.<UnaryOperator<StunMessage.Builder>>of(
                        TwoRealms::plain, TwoRealms.origin("https://app.example.org"))) {
            StunMessage refresh = two.signed(Method.REFRESH, "alice", FIRST, "a", nonce, other);
            assertThat(TwoRealms.only(strict, tuple, refresh).code())
                    .isEqualTo(ErrorCode.WRONG_CREDENTIALS);
        }
        StunMessage refresh = two.signed(Method.REFRESH, "alice", FIRST, "a", nonce, origin);
        assertThat(strict.handle(new Event.MessageReceived(tuple, refresh), 0))
                .first()
                .isInstanceOf(Effect.Send.class);
    }

    @Test
    void anOriginThatIsTooLongIsNotKept() {
        Realms strict = new Realms(two.first, true);
        StunMessage longest =
                two.request(Method.ALLOCATE, TwoRealms.origin("x".repeat(267))).build();
        StunMessage tooLong =
                two.request(Method.ALLOCATE, TwoRealms.origin("x".repeat(268))).build();

        assertThat(strict.origin(longest)).hasSize(267);
        assertThat(strict.origin(tooLong)).isEmpty();
    }

    @Test
    void anotherOriginLeadsNowhere() {
        for (String origin : List.of("https://app.example.com", "", "x".repeat(300))) {
            assertThat(two.challenge(tuple(1, SERVER), TwoRealms.origin(origin)).find(REALM))
                    .contains(FIRST);
        }
    }

    @Test
    void nothingLeadsToTwoRealms() {
        Realms.Ways ways =
                new Realms.Ways(List.of(), List.of(), List.of("https://a.example"), false);
        Realms realms = new Realms(two.first).with(two.other, ways);

        assertThatThrownBy(() -> realms.with(two.first, ways))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
