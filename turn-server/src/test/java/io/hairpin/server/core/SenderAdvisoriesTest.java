package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.ACCESS_TOKEN;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MESSAGE_INTEGRITY;
import static io.hairpin.stun.Attributes.NONCE;
import static io.hairpin.stun.Attributes.REALM;
import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;
import static io.hairpin.stun.Attributes.USERNAME;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;
import static io.hairpin.stun.ErrorCode.STALE_NONCE;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;
import static io.hairpin.stun.Method.ALLOCATE;
import static io.hairpin.stun.Method.REFRESH;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.Advisory;
import io.hairpin.server.auth.TokenMint;
import io.hairpin.server.auth.TurnRestCredential;
import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// How other servers were led to believe somebody, or to keep something of nobody.
class SenderAdvisoriesTest {

    private static final String RELAYED = "198.51.100.1:50000";
    private static final String OPEN_PEER = "8.8.8.9:5000";
    private static final String OTHER_PEER = "8.8.8.10:5000";

    /// Comprehension-optional, of the IANA registry, and of no meaning here.
    private static final AttributeType<byte[]> ORIGIN = AttributeType.of(0x802F);

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.client("alice");

    @Test
    @Advisory("coturn ab762f33")
    void coturnAb762f33APeerBehindTheIntegrityIsNone() {
        Allocation allocation = turn.allocated(alice, 1, RELAYED);
        StunMessage signed = alice.createPermission(OPEN_PEER);
        StunMessage injected = behind(signed, XOR_PEER_ADDRESS, TestAddresses.of(OTHER_PEER));

        turn.receives(alice, injected).expect(alice.success(injected));

        assertThat(refusal(allocation, OPEN_PEER)).isNull();
        assertThat(refusal(allocation, OTHER_PEER)).isEqualTo(DropReason.NO_PERMISSION);
    }

    @Test
    @Advisory("coturn ab762f33")
    void coturnAb762f33ALifetimeBehindTheIntegrityEndsNothing() {
        turn.allocated(alice, 1, RELAYED);
        StunMessage signed = alice.request(REFRESH, builder -> builder);
        StunMessage injected = behind(signed, LIFETIME, 0L);

        turn.receives(alice, injected).expect(alice.success(injected).with(LIFETIME, 600L));

        assertThat(turn.exists(1)).isTrue();
    }

    @Test
    @Advisory("coturn ab762f33")
    void coturnAb762f33ASecondNameOrIntegrityBehindTheFirstIsNone() {
        StunMessage named = behind(alice.allocate(), USERNAME, "bob");
        StunMessage twice = behind(named, MESSAGE_INTEGRITY, new byte[20]);

        List<Effect> effects = turn.receives(alice, twice).ignored();

        assertThat(effects).containsExactly(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @Test
    @Advisory("coturn ab762f33")
    void coturnAb762f33OneByteChangedBeforeTheIntegrityIsNoticed() {
        turn.allocated(alice, 1, RELAYED);
        byte[] signed = alice.createPermission(OPEN_PEER).toBytes();

        for (int at = 4; at < signed.length - 24; at++) {
            byte[] changed = signed.clone();
            changed[at] ^= 1;
            if (StunDecoder.decode(ByteBuffer.wrap(changed))
                    instanceof Decoded.Message(StunMessage message)) {
                assertThat(turn.receives(alice, message).ignored())
                        .as("byte %d", at)
                        .noneMatch(Effect.Send.class::isInstance);
            }
        }
    }

    @Test
    @Advisory("coturn#1871")
    void coturn1871NothingOfAMessageCountsBeforeItsIntegrity() {
        StunMessage unsigned =
                StunMessage.request(ALLOCATE, alice.nextTransaction())
                        .with(ORIGIN, ascii("https://mallory.example"))
                        .with(REALM, "mallory.example")
                        .with(REQUESTED_TRANSPORT, 17)
                        .build();
        StunMessage forged =
                StunMessage.request(ALLOCATE, alice.nextTransaction())
                        .with(ORIGIN, ascii("https://mallory.example"))
                        .with(REQUESTED_TRANSPORT, 17)
                        .with(USERNAME, "bob")
                        .with(REALM, TurnScript.REALM)
                        .with(NONCE, alice.nonce())
                        .integrity(Integrity.SHA1, IntegrityKey.ofBytes(new byte[16]))
                        .build();

        turn.receives(alice, unsigned).expect(alice.challenge(unsigned, UNAUTHENTICATED));
        turn.receives(alice, forged).expect(alice.challenge(forged, UNAUTHENTICATED));

        assertThat(Leftovers.in(turn.core)).isEmpty();
        turn.receives(alice, alice.allocate()).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @Test
    @Advisory("coturn#1869")
    void coturn1869AnIntegrityThatBeginsRightIsAsWrongAsAnyOther() {
        turn.allocated(alice, 1, RELAYED);
        byte[] signed = alice.refresh(0).toBytes();

        for (int right = 0; right < 20; right++) {
            byte[] tampered = signed.clone();
            for (int at = signed.length - 20 + right; at < signed.length; at++) {
                tampered[at] ^= (byte) 0xFF;
            }
            StunMessage message = decoded(tampered);
            turn.receives(alice, message).expect(alice.challenge(message, UNAUTHENTICATED));
        }

        assertThat(turn.exists(1)).isTrue();
    }

    @Test
    @Advisory("CVE-2026-43994")
    void cve202643994NoTokenOfAnyLengthDoesMoreThanToBeRefused() {
        TokenMint north = TokenMint.of("north");
        TurnScript.Setting setting = TurnScript.setting();
        setting.mints = List.of(north);
        TurnScript server = setting.start();
        ScriptClient mallory = server.client(north.tokenKey().id(), "guessed");
        byte[] good = north.mint(1, 32, server.instant(), Duration.ofHours(1)).token();
        SplittableRandom random = new SplittableRandom(43994);

        for (int length = 0; length < 60_000; length += length < 300 ? 1 : 3_001) {
            byte[] token = Arrays.copyOf(good, length);
            refusesToken(server, mallory, token);
            random.nextBytes(token);
            refusesToken(server, mallory, token);
            if (length >= 2) { // a nonce of this token's length, and more than there is
                ByteBuffer.wrap(token).putShort((short) (length - 2));
                refusesToken(server, mallory, token);
                ByteBuffer.wrap(token).putShort((short) -1);
                refusesToken(server, mallory, token);
            }
        }

        assertThat(Leftovers.in(server.core)).isEmpty();
    }

    private static void refusesToken(TurnScript server, ScriptClient mallory, byte[] token) {
        StunMessage request =
                mallory.signed(
                                StunMessage.request(ALLOCATE, mallory.nextTransaction())
                                        .with(REQUESTED_TRANSPORT, 17)
                                        .with(TestAttributes.raw(ACCESS_TOKEN), token))
                        .build();

        List<Effect> effects = server.receives(mallory, request).ignored();

        assertThat(effects)
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.Reject.class,
                        reject -> assertThat(reject.code()).isEqualTo(UNAUTHENTICATED));
    }

    /// Names and realms reach no query, no format and no file name, so they are only unknown.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "' OR '1'='1",
                "alice'; DROP TABLE turnusers_lt; --",
                "alice\" --",
                "%n%n%n%s%x",
                "%08x.%08x.%p",
                "{} {} ${jndi:ldap://127.0.0.1/a}",
                "../../etc/passwd"
            })
    @Advisory({"CVE-2018-4056", "coturn bfacd816", "GHSA-4g7c-p5wg-j4hp"})
    void cve20184056NamesAreNothingButNames(String name) {
        ScriptClient mallory = turn.client(name, "guessed");
        StunMessage asUser = mallory.allocate();
        StunMessage inRealm =
                StunMessage.request(ALLOCATE, alice.nextTransaction())
                        .with(REQUESTED_TRANSPORT, 17)
                        .with(USERNAME, "alice")
                        .with(REALM, name)
                        .with(NONCE, alice.nonce())
                        .integrity(Integrity.SHA1, alice.key())
                        .build();

        turn.receives(mallory, asUser).expect(mallory.challenge(asUser, UNAUTHENTICATED));
        turn.receives(alice, inRealm).expect(alice.challenge(inRealm, UNAUTHENTICATED));

        assertThat(Leftovers.in(turn.core)).isEmpty();
    }

    @Test
    @Advisory("GHSA-4g7c-p5wg-j4hp")
    void ghsa4g7cAUserMayHaveSuchAName() {
        ScriptClient guest = guest("%n%s%x {}", Duration.ofHours(1));

        turn.receives(guest, guest.allocate()).expect(openRelay(1, guest, IPV4, ANY_PORT));
    }

    @Test
    @Advisory("turn-rs")
    void turnRsANonceThatNobodyIssuedIsStale() {
        StunMessage request =
                StunMessage.request(ALLOCATE, alice.nextTransaction())
                        .with(REQUESTED_TRANSPORT, 17)
                        .with(USERNAME, "alice")
                        .with(REALM, TurnScript.REALM)
                        .with(NONCE, "made up by the client")
                        .integrity(Integrity.SHA1, alice.key())
                        .build();

        turn.receives(alice, request).expect(alice.challenge(request, STALE_NONCE));
    }

    @Test
    @Advisory("turn-rs")
    void turnRsTheNonceOfAnotherClientIsStale() {
        ScriptClient elsewhere = turn.stranger("alice").withNonceOf(alice);
        StunMessage request = elsewhere.allocate();

        turn.receives(elsewhere, request).expect(elsewhere.challenge(request, STALE_NONCE));
    }

    @Test
    @Advisory({"turn-rs", "livekit#4505"})
    void turnRsACredentialThatHasExpiredOpensNothing() {
        ScriptClient guest = guest("guest", Duration.ofMinutes(1));
        turn.passes(Duration.ofMinutes(2)).ignored();
        StunMessage request = guest.allocate();

        turn.receives(guest, request).expect(guest.challenge(request, UNAUTHENTICATED));
    }

    @Test
    @Advisory("CVE-2025-69217")
    void cve202569217NoncesOfNeighboursHaveNothingInCommonThatIsSecret() {
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            secrets.add(turn.client("alice").nonce().substring(13));
        }

        assertThat(secrets).hasSize(200).allMatch(secret -> secret.length() == 22);
    }

    private ScriptClient guest(String name, Duration validity) {
        TurnRestCredential credential =
                TurnRestCredential.mint(
                        TurnScript.SECRET,
                        name,
                        TurnScript.EPOCH.plusNanos(turn.now()).plus(validity));
        return turn.client(credential.username(), credential.password());
    }

    /// The message with one attribute more, as anybody on the way can add it.
    private static <T> StunMessage behind(StunMessage message, AttributeType<T> type, T value) {
        byte[] before = message.toBytes();
        byte[] carrier =
                StunMessage.request(message.method(), message.transactionId())
                        .with(type, value)
                        .build()
                        .toBytes();
        byte[] both = Arrays.copyOf(before, before.length + carrier.length - 20);
        System.arraycopy(carrier, 20, both, before.length, carrier.length - 20);
        ByteBuffer.wrap(both).putShort(2, (short) (both.length - 20));
        return decoded(both);
    }

    private static StunMessage decoded(byte[] bytes) {
        return switch (StunDecoder.decode(ByteBuffer.wrap(bytes))) {
            case Decoded.Message(StunMessage message) -> message;
            case Decoded.Malformed(var reason) -> throw new AssertionError(reason);
        };
    }

    private @Nullable DropReason refusal(Allocation allocation, String peer) {
        InetSocketAddress address = TestAddresses.of(peer);
        return TestAddresses.refusal(allocation, address, turn.now());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
