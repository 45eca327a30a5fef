package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CHANGE_REQUEST;
import static io.hairpin.stun.Attributes.PRIORITY;
import static io.hairpin.stun.Attributes.SOFTWARE;
import static io.hairpin.stun.Attributes.UNKNOWN_ATTRIBUTES;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.ErrorCode.UNKNOWN_ATTRIBUTE;
import static io.hairpin.stun.Method.BINDING;

import io.hairpin.stun.ChangeRequest;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.List;

/// RFC 8489 §6.3: what a server makes of Binding requests and indications.
class BindingTest {

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.stranger("alice");

    @Test
    @Rfc({"8489 §5", "8489 §6.3.1.1", "8489 §12"})
    void tellsTheClientTheAddressItIsSeenAtAndNothingElse() {
        StunMessage request = alice.unsigned(BINDING);

        turn.receives(alice, request)
                .expect(
                        Answer.success(alice.tuple(), request)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client()));
    }

    @Test
    @Rfc("8489 §7")
    void answersWithAFingerprintWhoeverSentOne() {
        StunMessage request =
                StunMessage.request(BINDING, alice.nextTransaction()).fingerprint().build();

        turn.receives(alice, request)
                .expect(
                        Answer.success(alice.tuple(), request)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client())
                                .withFingerprint());
    }

    @Test
    @Rfc({"8489 §6.3", "8489 §7"})
    void aFingerprintThatDoesNotFitIsNoStun() {
        byte[] bytes =
                StunMessage.request(BINDING, alice.nextTransaction())
                        .fingerprint()
                        .build()
                        .toBytes();
        bytes[bytes.length - 1] ^= 1;

        Decoded decoded = StunDecoder.decode(ByteBuffer.wrap(bytes));

        turn.receives(alice, ((Decoded.Message) decoded).message())
                .expect(alice.drop(DropReason.MALFORMED));
    }

    @Test
    @Rfc("8489 §6.3.1")
    void namesEveryAttributeItDoesNotUnderstand() {
        StunMessage request =
                StunMessage.request(BINDING, alice.nextTransaction())
                        .with(CHANGE_REQUEST, new ChangeRequest(true, true))
                        .build();

        turn.receives(alice, request)
                .expect(
                        Answer.error(alice.tuple(), request, UNKNOWN_ATTRIBUTE)
                                .with(UNKNOWN_ATTRIBUTES, List.of(CHANGE_REQUEST.code())));
    }

    @Test
    @Rfc("8489 §6.3")
    void ignoresAttributesItNeedNotUnderstand() {
        StunMessage request =
                StunMessage.request(BINDING, alice.nextTransaction())
                        .with(SOFTWARE, "test")
                        .with(PRIORITY, 1L)
                        .build();

        turn.receives(alice, request)
                .expect(
                        Answer.success(alice.tuple(), request)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client()));
    }

    @Test
    @Rfc("8489 §6.3.2")
    void aBindingIndicationIsAKeepAliveWithoutAnAnswer() {
        StunMessage indication = StunMessage.indication(BINDING, alice.nextTransaction()).build();

        turn.receives(alice, indication).expect(alice.drop(DropReason.KEEP_ALIVE));
    }

    @Test
    @Rfc("8489 §6.3")
    void aResponseNobodyAskedForIsDropped() {
        StunMessage success = StunMessage.success(BINDING, alice.nextTransaction()).build();
        StunMessage error =
                StunMessage.error(BINDING, alice.nextTransaction(), UNKNOWN_ATTRIBUTE).build();

        turn.receives(alice, success).expect(alice.drop(DropReason.UNEXPECTED_RESPONSE));
        turn.receives(alice, error).expect(alice.drop(DropReason.UNEXPECTED_RESPONSE));
    }

    @Test
    @Rfc({"5780 §3", "8489 §11"})
    void aMessageWithoutTheMagicCookieIsDropped() {
        StunMessage classic =
                StunMessage.request(BINDING, new TransactionId(0x12345678, 1, 2)).build();

        turn.receives(alice, classic).expect(alice.drop(DropReason.CLASSIC_STUN));
    }

    @Test
    @Rfc({"8155 §6", "8489 §6.3.1.2"})
    void theAnswerLeavesFromTheAddressThatWasAskedWhicheverThatIs() {
        ScriptClient anycast = turn.strangerAt(Transport.UDP, "192.0.0.10:3478");
        StunMessage request = anycast.unsigned(BINDING);

        turn.receives(anycast, request)
                .expect(
                        Answer.success(anycast.tuple(), request)
                                .with(XOR_MAPPED_ADDRESS, anycast.tuple().client()));
    }

    @Test
    @Rfc({"8489 §6.3.1.1", "8489 §12"})
    void aClientOverTcpLearnsTheAddressOfItsConnection() {
        ScriptClient bob = turn.tcpClient("bob");
        StunMessage request = bob.unsigned(BINDING);

        turn.receives(bob, request)
                .expect(
                        Answer.success(bob.tuple(), request)
                                .with(XOR_MAPPED_ADDRESS, bob.tuple().client()));
    }
}
