package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CHANGE_REQUEST;
import static io.hairpin.stun.Attributes.ERROR_CODE;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.SOFTWARE;
import static io.hairpin.stun.Attributes.UNKNOWN_ATTRIBUTES;
import static io.hairpin.stun.Attributes.USERNAME;
import static io.hairpin.stun.ClassicAttributes.CHANGED_ADDRESS;
import static io.hairpin.stun.ClassicAttributes.RESPONSE_ADDRESS;
import static io.hairpin.stun.ClassicAttributes.SOURCE_ADDRESS;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.ChangeRequest;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.ErrorValue;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;

/// RFC 3489: Binding requests without a magic cookie.
class ClassicBindingTest {

    private static final TransactionId ID = new TransactionId(0x01020304, 5, 6);
    private static final FiveTuple ALICE =
            new FiveTuple(
                    Transport.UDP,
                    TestAddresses.of("192.0.2.1:6000"),
                    TestAddresses.of("198.51.100.1:3478"));
    private static final FiveTuple FROM_OTHER =
            new FiveTuple(Transport.UDP, ALICE.client(), TestAddresses.of("198.51.100.2:3479"));

    private final TurnScript turn = script(null);

    @Test
    @Rfc({"3489 §8.1", "8489 §12"})
    void theAnswerHasTheAddressInPlainAndWhereItCameFrom() {
        StunMessage request = binding().with(SOFTWARE, "old").with(USERNAME, "alice").build();

        assertThat(handled(turn, ALICE, request))
                .containsExactly(
                        new Effect.Send(
                                ALICE,
                                StunMessage.success(Method.BINDING, ID)
                                        .with(MAPPED_ADDRESS, ALICE.client())
                                        .with(SOURCE_ADDRESS, ALICE.server())
                                        .build()));
    }

    @Test
    void whereAnAnswerComesFromIsNotSaidIfItIsNotKnown() {
        FiveTuple anywhere =
                new FiveTuple(Transport.UDP, ALICE.client(), TestAddresses.of("0.0.0.0:3478"));

        assertThat(handled(turn, anywhere, binding().build()))
                .containsExactly(
                        new Effect.Send(
                                anywhere,
                                StunMessage.success(Method.BINDING, ID)
                                        .with(MAPPED_ADDRESS, ALICE.client())
                                        .build()));
    }

    @Test
    @Rfc("3489 §8.1")
    void withASecondAddressItIsToldAndAnswersComeFromThere() {
        TurnScript discovering = script(discovery());
        StunMessage plain = binding().build();
        StunMessage change = binding().with(CHANGE_REQUEST, new ChangeRequest(true, true)).build();

        assertThat(handled(discovering, ALICE, plain))
                .containsExactly(new Effect.Send(ALICE, answer(ALICE)));
        assertThat(handled(discovering, ALICE, change))
                .containsExactly(new Effect.SendElsewhere(ALICE, FROM_OTHER, answer(FROM_OTHER)));
    }

    @Test
    void pastTheLimitOnlyThePlainAnswerIsLeft() {
        TurnScript discovering = script(discovery());
        StunMessage plain = binding().build();
        StunMessage change = binding().with(CHANGE_REQUEST, new ChangeRequest(true, true)).build();
        handled(discovering, ALICE, plain);
        handled(discovering, ALICE, plain);

        assertThat(handled(discovering, ALICE, plain))
                .containsExactly(
                        new Effect.Send(
                                ALICE,
                                StunMessage.success(Method.BINDING, ID)
                                        .with(MAPPED_ADDRESS, ALICE.client())
                                        .build()));
        assertThat(handled(discovering, ALICE, change))
                .containsExactly(new Effect.Drop(ALICE, DropReason.NAT_DISCOVERY_LIMIT));
    }

    @Test
    @Rfc({"3489 §8.1", "3489 §11.2.10"})
    void responseAddressIsRefusedAndLengthsAreWholeWords() {
        StunMessage request =
                binding()
                        .with(RESPONSE_ADDRESS, TestAddresses.of("192.0.2.66:53"))
                        .with(CHANGE_REQUEST, new ChangeRequest(false, false))
                        .build();

        assertThat(handled(turn, ALICE, request))
                .containsExactly(
                        refusal(
                                ErrorCode.UNKNOWN_ATTRIBUTE,
                                "",
                                List.of(0x0002, 0x0002),
                                "unknown attributes [2]"));
    }

    @Test
    @Rfc("3489 §11.2.9")
    void wordsAreAsLongAsWholeWordsIfTheyAreAskedFor() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.bindings = new BindingPolicy(true, null);
        setting.answers = new Answers(null, true);
        StunMessage request =
                binding().with(RESPONSE_ADDRESS, TestAddresses.of("192.0.2.66:53")).build();

        assertThat(handled(setting.start(), ALICE, request))
                .containsExactly(
                        refusal(
                                ErrorCode.UNKNOWN_ATTRIBUTE,
                                "Unknown Attribute   ",
                                List.of(0x0002, 0x0002),
                                "unknown attributes [2]"));
    }

    @Test
    @Rfc("3489 §8.1")
    void aChangeIsRefusedWithoutASecondAddress() {
        StunMessage request =
                binding()
                        .with(RESPONSE_ADDRESS, TestAddresses.of("192.0.2.66:53"))
                        .with(CHANGE_REQUEST, new ChangeRequest(false, true))
                        .build();

        assertThat(handled(turn, ALICE, request))
                .containsExactly(
                        refusal(
                                ErrorCode.UNKNOWN_ATTRIBUTE,
                                "",
                                List.of(0x0002, 0x0003),
                                "unknown attributes [2, 3]"));
    }

    @Test
    void aChangeRequestOfAnotherLengthIsABadRequest() {
        StunMessage request =
                binding().with(TestAttributes.raw(CHANGE_REQUEST), new byte[2]).build();

        assertThat(handled(turn, ALICE, request))
                .containsExactly(
                        refusal(ErrorCode.BAD_REQUEST, "", List.of(), "malformed CHANGE-REQUEST"));
    }

    @Test
    @Rfc("8489 §11")
    void whatIsNoBindingRequestOverUdpIsDropped() {
        FiveTuple tcp = new FiveTuple(Transport.TCP, ALICE.client(), ALICE.server());
        StunMessage allocate =
                StunMessage.request(Method.ALLOCATE, ID).with(LIFETIME, 600L).build();
        StunMessage indication = StunMessage.indication(Method.BINDING, ID).build();
        StunMessage answer = StunMessage.success(Method.BINDING, ID).build();

        assertThat(handled(turn, tcp, binding().build())).containsExactly(dropped(tcp));
        assertThat(handled(turn, ALICE, allocate)).containsExactly(dropped(ALICE));
        assertThat(handled(turn, ALICE, indication)).containsExactly(dropped(ALICE));
        assertThat(handled(turn, ALICE, answer)).containsExactly(dropped(ALICE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Rfc("8489 §11")
    void overDtlsWhoAsksIsToldThatThereIsNone(boolean classic) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.bindings = new BindingPolicy(classic, null);
        TurnScript script = setting.start();
        FiveTuple dtls = new FiveTuple(Transport.DTLS, ALICE.client(), ALICE.server());
        ErrorValue withoutWords = new ErrorValue(ErrorCode.SERVER_ERROR.code(), "");
        StunMessage error = StunMessage.error(Method.BINDING, ID, withoutWords).build();
        StunMessage indication = StunMessage.indication(Method.BINDING, ID).build();

        assertThat(handled(script, dtls, binding().build()))
                .containsExactly(
                        new Effect.Reject(
                                dtls, error, ErrorCode.SERVER_ERROR, "classic STUN over DTLS"));
        assertThat(handled(script, dtls, indication)).containsExactly(dropped(dtls));
    }

    private static TurnScript script(@Nullable NatDiscovery discovery) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.bindings = new BindingPolicy(true, discovery);
        return setting.start();
    }

    private static NatDiscovery discovery() {
        return new NatDiscovery(
                new NatDiscovery.Host(
                        TestAddresses.host("198.51.100.1"), TestAddresses.host("198.51.100.1")),
                new NatDiscovery.Host(
                        TestAddresses.host("198.51.100.2"), TestAddresses.host("198.51.100.2")),
                3478,
                3479,
                Set.of(Transport.UDP),
                new SourceRates(2, 100, 5));
    }

    private static List<Effect> handled(TurnScript script, FiveTuple from, StunMessage message) {
        return script.core.handle(new Event.MessageReceived(from, message), script.now());
    }

    private static StunMessage.Builder binding() {
        return StunMessage.request(Method.BINDING, ID);
    }

    private static StunMessage answer(FiveTuple path) {
        return StunMessage.success(Method.BINDING, ID)
                .with(MAPPED_ADDRESS, ALICE.client())
                .with(SOURCE_ADDRESS, path.server())
                .with(CHANGED_ADDRESS, FROM_OTHER.server())
                .build();
    }

    private static Effect refusal(
            ErrorCode code, String reason, List<Integer> unknown, String detail) {
        StunMessage.Builder message =
                StunMessage.error(Method.BINDING, ID, new ErrorValue(code.code(), reason));
        if (!unknown.isEmpty()) {
            message.with(UNKNOWN_ATTRIBUTES, unknown);
        }
        StunMessage built = message.build();
        assertThat(built.has(ERROR_CODE)).isTrue();
        return new Effect.Reject(ALICE, built, code, detail);
    }

    private static Effect dropped(FiveTuple from) {
        return new Effect.Drop(from, DropReason.CLASSIC_STUN);
    }
}
