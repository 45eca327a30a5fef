package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CHANGE_REQUEST;
import static io.hairpin.stun.Attributes.MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.OTHER_ADDRESS;
import static io.hairpin.stun.Attributes.PADDING;
import static io.hairpin.stun.Attributes.RESPONSE_ORIGIN;
import static io.hairpin.stun.Attributes.RESPONSE_PORT;
import static io.hairpin.stun.Attributes.UNKNOWN_ATTRIBUTES;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.UNKNOWN_ATTRIBUTE;
import static io.hairpin.stun.Method.BINDING;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.TurnScript.Elsewhere;
import io.hairpin.stun.ChangeRequest;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// RFC 5780: NAT behaviour discovery on two addresses and two ports.
class NatDiscoveryTest {

    private static final String A1P1 = "198.51.100.1:3478";
    private static final String A1P2 = "198.51.100.1:3479";
    private static final String A2P1 = "198.51.100.2:3478";
    private static final String A2P2 = "198.51.100.2:3479";

    private static final int PER_SOURCE = 4;
    private static final int IN_ALL = 10;

    private final TurnScript turn = script("198.51.100.1", "198.51.100.2", Transport.values());

    @Test
    @Rfc({"5780 §6.1", "5780 §7.3", "5780 §7.4"})
    void everyAnswerTellsItsOriginAndTheOtherAddress() {
        ScriptClient alice = turn.strangerAt(Transport.UDP, A2P1);
        StunMessage request = alice.unsigned(BINDING);

        turn.receives(alice, request).expect(answer(alice, request, A2P1, A1P2));
    }

    @ParameterizedTest
    @Rfc({"5780 §6.1", "5780 §7.2"})
    @CsvSource({
        A1P1 + ",true,true," + A2P2,
        A1P1 + ",true,false," + A2P1,
        A1P1 + ",false,true," + A1P2,
        A1P2 + ",true,true," + A2P1,
        A1P2 + ",true,false," + A2P2,
        A1P2 + ",false,true," + A1P1,
        A2P1 + ",true,true," + A1P2,
        A2P1 + ",true,false," + A1P1,
        A2P1 + ",false,true," + A2P2,
        A2P2 + ",true,true," + A1P1,
        A2P2 + ",true,false," + A1P2,
        A2P2 + ",false,true," + A2P1,
    })
    void theAnswerComesFromWhereChangeRequestSays(
            String asked, boolean address, boolean port, String origin) {
        ScriptClient alice = turn.strangerAt(Transport.UDP, asked);
        StunMessage request =
                request(alice, it -> it.with(CHANGE_REQUEST, new ChangeRequest(address, port)));

        turn.receives(alice, request)
                .expect(
                        new Elsewhere(
                                path(alice, origin, alice.tuple().client().getPort()),
                                answer(alice, request, origin, opposite(asked))));
    }

    @Test
    @Rfc("5780 §7.2")
    void aChangeRequestWithoutFlagsChangesNothing() {
        ScriptClient alice = turn.strangerAt(Transport.UDP, A1P1);
        StunMessage request =
                request(alice, it -> it.with(CHANGE_REQUEST, new ChangeRequest(false, false)));

        turn.receives(alice, request).expect(answer(alice, request, A1P1, A2P2));
    }

    @Test
    @Rfc("5780 §7.5")
    void theAnswerGoesToTheResponsePortOfTheSameAddress() {
        ScriptClient alice = turn.strangerAt(Transport.UDP, A1P1);
        StunMessage request =
                request(
                        alice,
                        it ->
                                it.with(RESPONSE_PORT, 40_000)
                                        .with(CHANGE_REQUEST, new ChangeRequest(false, true)));

        turn.receives(alice, request)
                .expect(
                        new Elsewhere(
                                path(alice, A1P2, 40_000), answer(alice, request, A1P2, A2P2)));
    }

    @Test
    @Rfc("5780 §7.5")
    void portsOfServicesAreNoResponsePorts() {
        ScriptClient alice = turn.strangerAt(Transport.UDP, A1P1);
        StunMessage low = request(alice, it -> it.with(RESPONSE_PORT, 1023));

        turn.receives(alice, low).expect(Answer.error(alice.tuple(), low, BAD_REQUEST));
    }

    @Test
    @Rfc({"5780 §6.1", "5780 §7.6"})
    void paddingIsAnsweredByPaddingNoLongerThanItself() {
        ScriptClient alice = turn.strangerAt(Transport.UDP, A1P1);
        StunMessage little = request(alice, it -> it.with(PADDING, new byte[100]));
        StunMessage much = request(alice, it -> it.with(PADDING, new byte[5000]));

        turn.receives(alice, little).expect(padded(answer(alice, little, A1P1, A2P2), 100));
        turn.receives(alice, much).expect(padded(answer(alice, much, A1P1, A2P2), 1500));
    }

    @Test
    @Rfc("5780 §6.1")
    void paddingForAResponsePortIsABadRequest() {
        ScriptClient alice = turn.strangerAt(Transport.UDP, A1P1);
        StunMessage request =
                request(alice, it -> it.with(PADDING, new byte[8]).with(RESPONSE_PORT, 40_000));

        turn.receives(alice, request).expect(Answer.error(alice.tuple(), request, BAD_REQUEST));
    }

    @Test
    @Rfc({"5780 §6", "5780 §6.1"})
    void withoutASecondAddressAllOfItIsUnknown() {
        TurnScript plain = TurnScript.start();
        ScriptClient alice = plain.stranger("alice");
        StunMessage request =
                request(
                        alice,
                        it ->
                                it.with(CHANGE_REQUEST, new ChangeRequest(true, true))
                                        .with(RESPONSE_PORT, 40_000)
                                        .with(PADDING, new byte[4]));

        plain.receives(alice, request)
                .expect(
                        Answer.error(alice.tuple(), request, UNKNOWN_ATTRIBUTE)
                                .with(
                                        UNKNOWN_ATTRIBUTES,
                                        List.of(
                                                CHANGE_REQUEST.code(),
                                                RESPONSE_PORT.code(),
                                                PADDING.code())));
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS", "DTLS"})
    @Rfc("5780 §6")
    void aConnectionIsToldTheOtherAddressAndNothingIsAnsweredBesideIt(Transport transport) {
        ScriptClient alice = turn.strangerAt(transport, A1P1);
        StunMessage plain = alice.unsigned(BINDING);
        StunMessage change =
                request(alice, it -> it.with(CHANGE_REQUEST, new ChangeRequest(true, true)));

        turn.receives(alice, plain).expect(answer(alice, plain, A1P1, A2P2));
        turn.receives(alice, change)
                .expect(
                        Answer.error(alice.tuple(), change, UNKNOWN_ATTRIBUTE)
                                .with(UNKNOWN_ATTRIBUTES, List.of(CHANGE_REQUEST.code())));
    }

    @Test
    @Rfc({"5780 §6", "5780 §7.4"})
    void otherListenersAndTransportsWithoutASecondAddressSayNothingOfIt() {
        TurnScript udpOnly = script("198.51.100.1", "198.51.100.2", Transport.UDP);
        ScriptClient overTcp = udpOnly.strangerAt(Transport.TCP, A1P1);
        ScriptClient elsewhere = udpOnly.strangerAt(Transport.UDP, "198.51.100.1:3480");
        StunMessage tcp = overTcp.unsigned(BINDING);
        StunMessage other = elsewhere.unsigned(BINDING);

        udpOnly.receives(overTcp, tcp).expect(basic(overTcp, tcp));
        udpOnly.receives(elsewhere, other).expect(basic(elsewhere, other));
    }

    @Test
    @Rfc("5780 §7.3")
    void behindANatClientsAreToldTheAddressesTheySee() {
        TurnScript clouded = script("203.0.113.7", "203.0.113.8", Transport.UDP);
        ScriptClient alice = clouded.strangerAt(Transport.UDP, A1P1);
        StunMessage request =
                request(alice, it -> it.with(CHANGE_REQUEST, new ChangeRequest(true, false)));

        clouded.receives(alice, request)
                .expect(
                        new Elsewhere(
                                path(alice, A2P1, alice.tuple().client().getPort()),
                                answer(alice, request, "203.0.113.8:3478", "203.0.113.8:3479")));
    }

    @Test
    void aProxysClientIsServedPlainly() {
        FiveTuple proxied =
                new FiveTuple(
                        Transport.UDP,
                        TestAddresses.of("192.0.2.9:7000"),
                        TestAddresses.of(A1P1),
                        TestAddresses.of("198.51.100.77:4000"));
        ScriptClient alice = turn.introduced(new ScriptClient("alice", "wonderland", proxied));
        StunMessage request = alice.unsigned(BINDING);

        assertThat(turn.core.handle(new Event.MessageReceived(proxied, request), turn.now()))
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.Send.class,
                        send -> assertThat(send.message().has(OTHER_ADDRESS)).isFalse());
    }

    @Test
    @Rfc("5780 §10")
    void pastTheLimitOfASourceOnlyThePlainAnswerIsLeft() {
        ScriptClient alice = turn.strangerAt(Transport.UDP, A1P1);
        for (int i = 0; i < PER_SOURCE; i++) {
            StunMessage request = alice.unsigned(BINDING);
            turn.receives(alice, request).expect(answer(alice, request, A1P1, A2P2));
        }
        StunMessage plain = alice.unsigned(BINDING);
        StunMessage special =
                request(alice, it -> it.with(CHANGE_REQUEST, new ChangeRequest(true, true)));

        turn.receives(alice, plain).expect(basic(alice, plain));
        turn.receives(alice, special).expect(alice.drop(DropReason.NAT_DISCOVERY_LIMIT));

        turn.waits(Duration.ofSeconds(1).dividedBy(PER_SOURCE));
        StunMessage later = alice.unsigned(BINDING);
        turn.receives(alice, later).expect(answer(alice, later, A1P1, A2P2));
    }

    @Test
    @Rfc("5780 §10")
    void whoeverIsConnectedIsNotLimited() {
        ScriptClient alice = turn.strangerAt(Transport.TCP, A1P1);
        for (int i = 0; i < 2 * IN_ALL; i++) {
            StunMessage request = alice.unsigned(BINDING);
            turn.receives(alice, request).expect(answer(alice, request, A1P1, A2P2));
        }
    }

    private static TurnScript script(String primary, String alternate, Transport... carriers) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.bindings =
                new BindingPolicy(
                        false,
                        new NatDiscovery(
                                host("198.51.100.1", primary),
                                host("198.51.100.2", alternate),
                                3478,
                                3479,
                                Set.of(carriers),
                                new SourceRates(PER_SOURCE, IN_ALL, 11)));
        return setting.start();
    }

    private static NatDiscovery.Host host(String bound, String advertised) {
        return new NatDiscovery.Host(TestAddresses.host(bound), TestAddresses.host(advertised));
    }

    private static StunMessage request(
            ScriptClient client, UnaryOperator<StunMessage.Builder> more) {
        return more.apply(StunMessage.request(BINDING, client.nextTransaction())).build();
    }

    private static Answer basic(ScriptClient client, StunMessage request) {
        return Answer.success(client.tuple(), request)
                .with(XOR_MAPPED_ADDRESS, client.tuple().client());
    }

    private static Answer answer(
            ScriptClient client, StunMessage request, String origin, String other) {
        return basic(client, request)
                .with(MAPPED_ADDRESS, client.tuple().client())
                .with(RESPONSE_ORIGIN, TestAddresses.of(origin))
                .with(OTHER_ADDRESS, TestAddresses.of(other));
    }

    private static Answer padded(Answer answer, int bytes) {
        return answer.with(PADDING, new byte[bytes]);
    }

    private static FiveTuple path(ScriptClient client, String server, int port) {
        return new FiveTuple(
                Transport.UDP,
                new InetSocketAddress(client.tuple().client().getAddress(), port),
                TestAddresses.of(server));
    }

    private static String opposite(String place) {
        return switch (place) {
            case A1P1 -> A2P2;
            case A1P2 -> A2P1;
            case A2P1 -> A1P2;
            default -> A1P1;
        };
    }
}
