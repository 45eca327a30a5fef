package io.hairpin.server.core;

import static io.hairpin.server.core.DropReason.UNAUTHENTICATED_IN_ALL;
import static io.hairpin.server.core.DropReason.UNAUTHENTICATED_PER_NETWORK;
import static io.hairpin.server.core.DropReason.UNAUTHENTICATED_PER_SOURCE;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.STALE_NONCE;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;
import static io.hairpin.stun.ErrorCode.UNKNOWN_ATTRIBUTE;
import static io.hairpin.stun.Method.ALLOCATE;
import static io.hairpin.stun.Method.BINDING;
import static io.hairpin.stun.Method.CREATE_PERMISSION;
import static io.hairpin.stun.Method.REFRESH;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.AttributeType;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// Who is answered without having authenticated, and how often.
class StrangersTest {

    private static final int PER_SOURCE = 4;
    private static final int PER_NETWORK = 6;
    private static final int IN_ALL = 12;

    private final TurnScript turn = script(new Strangers(PER_SOURCE, PER_NETWORK, IN_ALL, 11));
    private final ScriptClient alice = turn.stranger("alice");
    private int transactions;

    @Test
    void everyAnswerThatNeedsNoCredentialsCounts() {
        StunMessage binding = alice.unsigned(BINDING);
        StunMessage unknown =
                StunMessage.request(BINDING, transaction())
                        .with(AttributeType.of(0x7FFF), new byte[0])
                        .build();
        StunMessage bare = alice.unsigned(ALLOCATE);
        StunMessage halfSigned =
                StunMessage.request(REFRESH, transaction())
                        .integrity(Integrity.SHA1, alice.key())
                        .build();

        turn.receives(alice, binding)
                .expect(
                        Answer.success(alice.tuple(), binding)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client()));
        assertThat(refused(alice.tuple(), unknown)).isEqualTo(UNKNOWN_ATTRIBUTE);
        assertThat(refused(alice.tuple(), bare)).isEqualTo(UNAUTHENTICATED);
        assertThat(refused(alice.tuple(), halfSigned)).isEqualTo(BAD_REQUEST);
        for (StunMessage message : List.of(binding, unknown, bare, halfSigned)) {
            turn.receives(alice, message).expect(alice.drop(UNAUTHENTICATED_PER_SOURCE));
        }
        turn.waits(Duration.ofSeconds(1));
        assertThat(refused(alice.tuple(), bare)).isEqualTo(UNAUTHENTICATED);
    }

    @Test
    void aWrongPasswordAndAStaleNonceCountAsWell() {
        alice.learn(turn.receives(alice, alice.unsigned(ALLOCATE)).ignored());
        ScriptClient mallory = alice.impersonating("alice", "guessed");
        StunMessage guess = mallory.allocate();

        assertThat(refused(alice.tuple(), guess)).isEqualTo(UNAUTHENTICATED);
        turn.waits(Duration.ofDays(3));
        StunMessage stale = alice.allocate();
        for (int i = 0; i < PER_SOURCE; i++) {
            assertThat(refused(alice.tuple(), stale)).isEqualTo(STALE_NONCE);
        }
        turn.receives(alice, stale).expect(alice.drop(UNAUTHENTICATED_PER_SOURCE));
        turn.receives(alice, guess).expect(alice.drop(UNAUTHENTICATED_PER_SOURCE));
    }

    @Test
    void classicRequestsCountAsWell() {
        TurnScript.Setting setting = setting(new Strangers(1, 1, 1, 5));
        setting.bindings = new BindingPolicy(true, null);
        TurnScript classic = setting.start();
        StunMessage request = StunMessage.request(BINDING, new TransactionId(1, 2, 3)).build();
        Event event = new Event.MessageReceived(alice.tuple(), request);

        assertThat(classic.core.handle(event, classic.now()).getFirst())
                .isInstanceOf(Effect.Send.class);
        assertThat(classic.core.handle(event, classic.now()))
                .containsExactly(alice.drop(UNAUTHENTICATED_PER_SOURCE));
    }

    @Test
    void whoHasAuthenticatedIsAnsweredFromEveryPort() {
        alice.learn(turn.receives(alice, alice.unsigned(ALLOCATE)).ignored());
        turn.receives(alice, alice.allocate()).ignored();

        for (int i = 0; i < 5 * IN_ALL; i++) {
            FiveTuple elsewhere = udp("192.0.2.1:" + (7000 + i));
            assertThat(refused(elsewhere, bare())).isEqualTo(UNAUTHENTICATED);
        }
    }

    @Test
    void theExemptionEndsSomeTimeAfterTheLastAuthenticatedRequest() {
        introduced();
        turn.allocated(alice, 1, "198.51.100.1:50000");
        FiveTuple elsewhere = udp("192.0.2.1:7000");

        turn.waits(Duration.ofSeconds(KnownSources.MEMORY_SECONDS - 20));
        turn.receives(alice, alice.createPermission("203.0.113.1:1")).ignored();
        turn.passes(Duration.ofSeconds(KnownSources.MEMORY_SECONDS - 20)).ignored();
        assertThat(answers(elsewhere, 2 * PER_SOURCE)).isEqualTo(2 * PER_SOURCE);
        turn.waits(Duration.ofSeconds(40));
        assertThat(answers(elsewhere, 2 * PER_SOURCE)).isEqualTo(PER_SOURCE);
    }

    @Test
    void whoHasAnAllocationIsAnsweredThereWhateverTheTime() {
        introduced();
        turn.receives(alice, alice.allocate(request -> request.with(LIFETIME, 3600L))).ignored();
        turn.relayOpens(1, "198.51.100.1:50000").ignored();
        turn.waits(Duration.ofMinutes(50));

        assertThat(answers(udp("192.0.2.1:7000"), 2 * PER_SOURCE)).isEqualTo(PER_SOURCE);
        assertThat(answers(alice.tuple(), 2 * IN_ALL)).isEqualTo(2 * IN_ALL);
    }

    @Test
    void forgersCanNeitherEnterNorPushOut() {
        introduced();
        turn.receives(alice, alice.allocate()).ignored();
        ScriptClient bob = new ScriptClient("bob", "builder", udp("203.0.113.7:6000"));
        SplittableRandom random = new SplittableRandom(5);

        // With a nonce of somebody else's address, and the right password.
        for (int i = 0; i < 100; i++) {
            step(bob.tuple(), bob.withNonceOf(alice).allocate());
        }
        for (int i = 0; i < 50_000; i++) {
            step(new FiveTuple(Transport.UDP, anywhere(random), TurnScript.SERVER), bare());
        }
        turn.waits(Duration.ofSeconds(2));

        assertThat(answers(bob.tuple(), 2 * PER_SOURCE)).isEqualTo(PER_SOURCE);
        assertThat(answers(udp("192.0.2.1:7000"), 5 * IN_ALL)).isEqualTo(5 * IN_ALL);
    }

    @Test
    void networksAndAllTogetherHaveLimitsOfTheirOwn() {
        assertThat(answers(udp("198.18.7.1:1"), PER_SOURCE)).isEqualTo(PER_SOURCE);
        assertThat(drop(udp("198.18.7.1:2"))).isEqualTo(UNAUTHENTICATED_PER_SOURCE);
        assertThat(answers(udp("198.18.7.2:1"), PER_SOURCE)).isEqualTo(PER_NETWORK - PER_SOURCE);
        assertThat(drop(udp("198.18.7.200:1"))).isEqualTo(UNAUTHENTICATED_PER_NETWORK);
        assertThat(answers(udp("198.18.8.1:1"), PER_SOURCE)).isEqualTo(PER_SOURCE);
        assertThat(answers(udp("[2001:db8:0:1::1]:1"), 1)).isEqualTo(1);
        assertThat(answers(udp("[2001:db8:0:2::1]:1"), PER_SOURCE))
                .isEqualTo(IN_ALL - PER_NETWORK - PER_SOURCE - 1);
        assertThat(drop(udp("[2001:db8:1:1::1]:1"))).isEqualTo(UNAUTHENTICATED_IN_ALL);
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"TCP", "TLS", "DTLS"})
    void whoIsConnectedIsAnsweredAlways(Transport transport) {
        InetSocketAddress client = TestAddresses.of("192.0.2.1:6000");
        FiveTuple connected = new FiveTuple(transport, client, TurnScript.SERVER);

        assertThat(answers(connected, 5 * IN_ALL)).isEqualTo(5 * IN_ALL);
        assertThat(answers(udp("192.0.2.1:7000"), PER_SOURCE)).isEqualTo(PER_SOURCE);
    }

    @Test
    void aClientBehindAProxyIsCountedByItsOwnAddress() {
        InetSocketAddress proxy = TestAddresses.of("10.0.0.1:40000");
        FiveTuple proxied =
                new FiveTuple(
                        Transport.UDP,
                        TestAddresses.of("192.0.2.1:6000"),
                        TurnScript.SERVER,
                        proxy);

        assertThat(answers(proxied, 2 * PER_SOURCE)).isEqualTo(PER_SOURCE);
        assertThat(answers(udp("192.0.2.1:7000"), 1)).isZero();
        assertThat(answers(udp("10.0.0.1:40000"), 1)).isEqualTo(1);
    }

    @Test
    void askingBeforeSaysTheSameAndCountsNothing() {
        FiveTuple from = udp("192.0.2.1:7000");
        for (int i = 0; i < 100; i++) {
            assertThat(asked(from)).isNull();
        }
        assertThat(answers(from, PER_SOURCE)).isEqualTo(PER_SOURCE);

        assertThat(asked(from)).isEqualTo(UNAUTHENTICATED_PER_SOURCE);
        assertThat(drop(from)).isEqualTo(UNAUTHENTICATED_PER_SOURCE);
        introduced();
        turn.receives(alice, alice.request(CREATE_PERMISSION, builder -> builder)).ignored();
        assertThat(asked(from)).isNull();
    }

    @Test
    void whereAllAreAnsweredNobodyIsCounted() {
        TurnScript open = TurnScript.start();
        FiveTuple from = udp("192.0.2.1:7000");
        for (int i = 0; i < 10_000; i++) {
            assertThat(open.core.handle(new Event.MessageReceived(from, bare()), open.now()))
                    .hasOnlyElementsOfType(Effect.Reject.class);
        }
        assertThat(open.core.refusal(0, 0, open.now())).isNull();
    }

    /// Gives alice a nonce, once her share is there again.
    private void introduced() {
        turn.waits(Duration.ofSeconds(1));
        alice.learn(turn.receives(alice, alice.unsigned(ALLOCATE)).ignored());
    }

    private int answers(FiveTuple from, int requests) {
        int answers = 0;
        for (int i = 0; i < requests; i++) {
            answers += step(from, bare()) instanceof Effect.Drop ? 0 : 1;
        }
        return answers;
    }

    private DropReason drop(FiveTuple from) {
        return ((Effect.Drop) step(from, bare())).reason();
    }

    private ErrorCode refused(FiveTuple from, StunMessage message) {
        return ((Effect.Reject) step(from, message)).code();
    }

    private @Nullable DropReason asked(FiveTuple from) {
        InetAddress host = from.client().getAddress();
        return turn.core.refusal(
                TransportAddress.high(host), TransportAddress.low(host), turn.now());
    }

    private Effect step(FiveTuple from, StunMessage message) {
        List<Effect> effects =
                turn.core.handle(new Event.MessageReceived(from, message), turn.now());
        assertThat(effects).hasSize(1);
        return effects.getFirst();
    }

    private StunMessage bare() {
        return StunMessage.request(ALLOCATE, transaction()).with(REQUESTED_TRANSPORT, 17).build();
    }

    private TransactionId transaction() {
        return TransactionId.of(99, ++transactions);
    }

    private static FiveTuple udp(String client) {
        return new FiveTuple(Transport.UDP, TestAddresses.of(client), TurnScript.SERVER);
    }

    private static InetSocketAddress anywhere(SplittableRandom random) {
        return new InetSocketAddress(
                TransportAddress.inetAddress(0, TransportAddress.lowOfIpv4(random.nextInt())),
                1 + random.nextInt(0xFFFF));
    }

    private static TurnScript script(Strangers strangers) {
        return setting(strangers).start();
    }

    private static TurnScript.Setting setting(Strangers strangers) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.answers = new Answers(strangers, false);
        return setting;
    }
}
