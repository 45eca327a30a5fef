package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.ACCESS_TOKEN;
import static io.hairpin.stun.Attributes.CONNECTION_ID;
import static io.hairpin.stun.Attributes.ICE_CONTROLLED;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.PRIORITY;
import static io.hairpin.stun.Attributes.SOFTWARE;
import static io.hairpin.stun.Attributes.UNKNOWN_ATTRIBUTES;
import static io.hairpin.stun.Attributes.USE_CANDIDATE;
import static io.hairpin.stun.ErrorCode.UNKNOWN_ATTRIBUTE;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.Method;
import io.hairpin.stun.Present;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.util.List;

/// RFC 8489 §6.3.1: attributes that must be understood and are not.
class UnknownAttributesTest {

    private static final AttributeType<byte[]> UNKNOWN = AttributeType.of(0x7F00);

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.client("alice");

    @ParameterizedTest
    @EnumSource(names = {"ALLOCATE", "REFRESH", "CREATE_PERMISSION", "CHANNEL_BIND"})
    @Rfc("8489 §6.3.1")
    void areNamedInASignedAnswerToEveryRequest(Method method) {
        StunMessage request =
                alice.request(method, builder -> builder.with(UNKNOWN, new byte[] {1, 2, 3}));

        turn.receives(alice, request)
                .expect(
                        alice.error(request, UNKNOWN_ATTRIBUTE)
                                .with(UNKNOWN_ATTRIBUTES, List.of(UNKNOWN.code())));
    }

    @Test
    @Rfc("8489 §6.3.1")
    void areNamedEachOnceAndInOrder() {
        AttributeType<byte[]> other = AttributeType.of(0x0077);
        StunMessage request =
                alice.request(
                        Method.REFRESH,
                        builder ->
                                builder.with(UNKNOWN, new byte[0])
                                        .with(other, new byte[5])
                                        .with(UNKNOWN, new byte[1]));

        turn.receives(alice, request)
                .expect(
                        alice.error(request, UNKNOWN_ATTRIBUTE)
                                .with(UNKNOWN_ATTRIBUTES, List.of(UNKNOWN.code(), other.code())));
    }

    @Test
    @Rfc("8489 §6.3")
    void includeThoseOfExtensionsThisServerDoesNotOffer() {
        StunMessage request =
                alice.request(
                        Method.ALLOCATE,
                        builder ->
                                builder.with(ACCESS_TOKEN, new byte[8])
                                        .with(TestAttributes.raw(CONNECTION_ID), new byte[4]));

        turn.receives(alice, request)
                .expect(
                        alice.error(request, UNKNOWN_ATTRIBUTE)
                                .with(
                                        UNKNOWN_ATTRIBUTES,
                                        List.of(ACCESS_TOKEN.code(), CONNECTION_ID.code())));
    }

    @Test
    void leaveTheAllocationAsItWas() {
        Allocation allocation = turn.allocated(alice, 1, "198.51.100.1:50000");
        long deadline = turn.core.nextDeadlineNanos();
        StunMessage delete =
                alice.request(
                        Method.REFRESH,
                        builder -> builder.with(LIFETIME, 0L).with(UNKNOWN, new byte[4]));

        turn.receives(alice, delete).ignored();

        assertThat(turn.core.allocation(allocation.id())).isSameAs(allocation);
        assertThat(turn.core.nextDeadlineNanos()).isEqualTo(deadline);
    }

    @Test
    @Rfc("8489 §6.3")
    void areIgnoredWhereTheyNeedNotBeUnderstood() {
        StunMessage request =
                alice.allocate(
                        builder ->
                                builder.with(AttributeType.of(0xFF00), new byte[3])
                                        .with(SOFTWARE, "test")
                                        .with(TestAttributes.raw(ICE_CONTROLLED), new byte[8])
                                        .with(PRIORITY, 5L)
                                        .with(USE_CANDIDATE, Present.PRESENT));

        turn.receives(alice, request).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("8489 §9")
    void areIgnoredBehindTheIntegrity() {
        byte[] signed = alice.allocate().toBytes();
        ByteBuffer longer = ByteBuffer.allocate(signed.length + 8).put(signed);
        longer.putShort((short) UNKNOWN.code()).putShort((short) 4).putInt(42);
        longer.putShort(2, (short) (signed.length + 8 - 20)).flip();
        StunMessage request = ((Decoded.Message) StunDecoder.decode(longer)).message();

        turn.receives(alice, request).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }
}
