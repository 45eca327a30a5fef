package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.NONCE;
import static io.hairpin.stun.Attributes.REALM;
import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;
import static io.hairpin.stun.Attributes.RESERVATION_TOKEN;
import static io.hairpin.stun.Attributes.USERHASH;
import static io.hairpin.stun.Attributes.USERNAME;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.TransportAddress;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Whoever has not authenticated leaves nothing behind over UDP.
class NoStateTest {

    private static final int REQUESTS = 100_000;

    private final SplittableRandom random = new SplittableRandom(29);
    private int transactions;

    @Test
    void aFloodFromManySourcesGrowsNoTable() {
        TurnScript turn = script(new Strangers(100, 1000, 2000, 3));
        long before = Reachable.from(turn.core);
        int answered = flood(turn);

        assertThat(answered).isBetween(19_000, 21_000);
        assertNothingIsLeft(turn, before);
    }

    @Test
    void norDoesOneThatIsAnsweredThroughout() {
        TurnScript turn = TurnScript.setting().start();
        long before = Reachable.from(turn.core);

        assertThat(flood(turn)).isGreaterThan(REQUESTS / 2);
        assertNothingIsLeft(turn, before);
    }

    private static void assertNothingIsLeft(TurnScript turn, long before) {
        List<String> left = new ArrayList<>(Leftovers.in(turn.core));
        left.addAll(Leftovers.in(turn.quotas));
        left.addAll(Leftovers.in(turn.reservations));
        assertThat(left).isEmpty();
        assertThat(Reachable.from(turn.core)).isEqualTo(before);
        assertThat(turn.core.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    /// Takes ten seconds of the core's time; says how many got an answer.
    private int flood(TurnScript turn) {
        int answers = 0;
        for (int i = 0; i < REQUESTS; i++) {
            if (i % (REQUESTS / 10) == 0) {
                turn.waits(Duration.ofSeconds(1));
            }
            FiveTuple from = new FiveTuple(Transport.UDP, anywhere(), TurnScript.SERVER);
            Event event = new Event.MessageReceived(from, request(i));
            for (Effect effect : turn.core.handle(event, turn.now())) {
                assertThat(effect)
                        .isInstanceOfAny(Effect.Send.class, Effect.Reject.class, Effect.Drop.class);
                answers += effect instanceof Effect.Drop ? 0 : 1;
            }
        }
        return answers;
    }

    private StunMessage request(int i) {
        TransactionId id = TransactionId.of(77, ++transactions);
        return switch (i % 8) {
            case 0 -> StunMessage.request(Method.BINDING, id).build();
            case 1 -> StunMessage.indication(Method.BINDING, id).build();
            case 2 -> StunMessage.request(Method.REFRESH, id).with(LIFETIME, 600L).build();
            case 3 ->
                    StunMessage.request(Method.ALLOCATE, id)
                            .with(RESERVATION_TOKEN, random.nextLong())
                            .build();
            case 4 -> signed(Method.ALLOCATE, id, "user-" + i);
            case 5 -> signed(Method.REFRESH, id, "alice");
            case 6 -> signed(Method.CREATE_PERMISSION, id, 1_900_000_000L + i + ":guest");
            default ->
                    StunMessage.request(Method.ALLOCATE, id)
                            .with(REQUESTED_TRANSPORT, 17)
                            .with(USERHASH, new byte[32])
                            .with(REALM, TurnScript.REALM)
                            .with(NONCE, "none-of-theirs-" + i)
                            .integrity(Integrity.SHA1, guessed())
                            .build();
        };
    }

    private StunMessage signed(Method method, TransactionId id, String user) {
        return StunMessage.request(method, id)
                .with(REQUESTED_TRANSPORT, 17)
                .with(MOBILITY_TICKET, new byte[16])
                .with(USERNAME, user)
                .with(REALM, TurnScript.REALM)
                .with(NONCE, "none-of-theirs-" + id.low())
                .integrity(Integrity.SHA1, guessed())
                .build();
    }

    private IntegrityKey guessed() {
        byte[] key = new byte[16];
        random.nextBytes(key);
        return IntegrityKey.ofBytes(key);
    }

    private InetSocketAddress anywhere() {
        boolean ipv4 = random.nextBoolean();
        return TransportAddress.socketAddress(
                ipv4 ? 0 : 0x2000_0000_0000_0000L | (random.nextLong() >>> 4),
                ipv4 ? TransportAddress.lowOfIpv4(random.nextInt()) : random.nextLong(),
                1 + random.nextInt(0xFFFF));
    }

    private static TurnScript script(Strangers strangers) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.answers = new Answers(strangers, false);
        setting.mobility = new Mobility(0, new TestSeal());
        return setting.start();
    }
}
