package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CHANGE_REQUEST;
import static io.hairpin.stun.Attributes.ERROR_CODE;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MESSAGE_INTEGRITY;
import static io.hairpin.stun.Attributes.NONCE;
import static io.hairpin.stun.Attributes.REALM;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;
import static io.hairpin.stun.Attributes.USERNAME;
import static io.hairpin.stun.Method.ALLOCATE;
import static io.hairpin.stun.Method.BINDING;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.AttributeType;
import io.hairpin.stun.ErrorValue;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// How much larger an answer is than the smallest request that gets it, as SECURITY.md has it.
class AmplificationTest {

    private static final Path SECURITY = Path.of("..", "SECURITY.md");

    private static final TransactionId ID = TransactionId.of(1, 2);
    private static final TransactionId CLASSIC_ID = new TransactionId(1, 2, 3);
    private static final String IPV4 = "192.0.2.1:6000";
    private static final String IPV6 = "[2001:db8::1]:6000";
    private static final AttributeType<byte[]> UNKNOWN = AttributeType.of(0x7FFF);

    /// What of Binding is served.
    enum Served {
        BASIC,
        CLASSIC,
        ALL;

        BindingPolicy at(String client) {
            return new BindingPolicy(this != BASIC, this == ALL ? discovery(client) : null);
        }
    }

    /// One kind of answer that anybody can have sent to anybody.
    ///
    /// @param attributes what a request needs to get it, each with as short a value as does
    /// @param code of the error, or 0
    record Kind(
            String name,
            Method method,
            TransactionId id,
            List<AttributeType<?>> attributes,
            int code,
            Served served) {

        @Override
        public String toString() {
            return name;
        }

        StunMessage request(List<AttributeType<?>> some) {
            StunMessage.Builder request = StunMessage.request(method, id);
            some.forEach(type -> request.with(TestAttributes.raw(type), new byte[0]));
            return request.build();
        }

        boolean isGotBy(StunMessage answer) {
            return answer.find(ERROR_CODE).map(ErrorValue::code).orElse(0) == code;
        }
    }

    static Stream<Kind> kinds() {
        Served classic = Served.CLASSIC;
        Served all = Served.ALL;
        List<AttributeType<?>> half = List.of(MESSAGE_INTEGRITY);
        List<AttributeType<?>> whole = List.of(USERNAME, REALM, NONCE, MESSAGE_INTEGRITY);
        return Stream.of(
                kind("Binding success", BINDING, List.of(), 0),
                kind("Binding 400", BINDING, List.of(LIFETIME), 400),
                kind("Binding 420", BINDING, List.of(UNKNOWN), 420),
                kind("401", ALLOCATE, List.of(), 401),
                kind("438", ALLOCATE, whole, 438),
                kind("400", ALLOCATE, half, 400),
                new Kind("RFC 5780 Binding success", BINDING, ID, List.of(), 0, all),
                new Kind("RFC 3489 Binding success", BINDING, CLASSIC_ID, List.of(), 0, classic),
                new Kind(
                        "RFC 3489 Binding success, with RFC 5780",
                        BINDING,
                        CLASSIC_ID,
                        List.of(),
                        0,
                        all),
                new Kind(
                        "RFC 3489 Binding 400",
                        BINDING,
                        CLASSIC_ID,
                        List.of(CHANGE_REQUEST),
                        400,
                        classic),
                new Kind(
                        "RFC 3489 Binding 420",
                        BINDING,
                        CLASSIC_ID,
                        List.of(UNKNOWN),
                        420,
                        classic));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anAnswerIsNoLargerThanThePageSays(Kind kind) throws IOException {
        StunMessage request = kind.request(kind.attributes());
        int ipv4 = answer(kind, request, IPV4).length();
        int ipv6 = answer(kind, request, IPV6).length();

        assertThat(documented()).contains(row(kind.name(), request.length(), ipv4, ipv6));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nothingSmallerGetsTheSameAnswer(Kind kind) {
        assertThat(kind.isGotBy(answer(kind, kind.request(kind.attributes()), IPV4))).isTrue();
        for (AttributeType<?> left : kind.attributes()) {
            List<AttributeType<?>> others =
                    kind.attributes().stream().filter(type -> type != left).toList();
            assertThat(kind.isGotBy(answer(kind, kind.request(others), IPV4)))
                    .as("without %s", left.name())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void wordsWouldMakeItLarger(Kind kind) {
        StunMessage request = kind.request(kind.attributes());
        TurnScript.Setting setting = TurnScript.setting();
        setting.bindings = kind.served().at(IPV4);
        setting.answers = new Answers(null, true);
        StunMessage worded = answered(setting.start(), from(IPV4), request);
        StunMessage bare = answer(kind, request, IPV4);

        if (kind.code() == 0) {
            assertThat(worded.length()).isEqualTo(bare.length());
        } else {
            assertThat(worded.length()).isGreaterThan(bare.length());
            assertThat(bare.find(ERROR_CODE).orElseThrow().reason()).isEmpty();
        }
    }

    /// A nonce is good at one address only, so these can be had for oneself alone.
    @Test
    void whoHasAuthenticatedIsSentLessThanItSent() throws IOException {
        StunMessage allocate = introduced(TurnScript.start(), IPV4).allocate();
        StunMessage bare = introduced(redirecting(), IPV4).request(ALLOCATE, it -> it);
        int success4 = allocated(IPV4).length();
        int success6 = allocated(IPV6).length();
        int redirect4 = sentAway(IPV4).length();
        int redirect6 = sentAway(IPV6).length();

        assertThat(documented())
                .contains(row("Allocate success", allocate.length(), success4, success6))
                .contains(row("300", bare.length(), redirect4, redirect6));
        assertThat(Math.max(success4, success6)).isLessThan(allocate.length());
        assertThat(Math.max(redirect4, redirect6)).isLessThan(bare.length());
    }

    private static StunMessage allocated(String client) {
        TurnScript turn = TurnScript.start();
        ScriptClient alice = introduced(turn, client);
        boolean ipv4 = family(client) == AddressFamily.IPV4;
        StunMessage allocate =
                alice.request(
                        ALLOCATE,
                        request -> {
                            request.with(REQUESTED_TRANSPORT, 17);
                            return ipv4
                                    ? request
                                    : request.with(
                                            REQUESTED_ADDRESS_FAMILY, AddressFamily.IPV6.code());
                        });
        turn.receives(alice, allocate).ignored();
        String relayed = ipv4 ? "198.51.100.1:50000" : "[2001:db8:1::1]:50000";
        return messageOf(turn.relayOpens(1, relayed).ignored().getLast());
    }

    private static StunMessage sentAway(String client) {
        TurnScript turn = redirecting();
        ScriptClient alice = introduced(turn, client);
        return answered(turn, alice.tuple(), alice.request(ALLOCATE, it -> it));
    }

    private static TurnScript redirecting() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.redirection =
                new Redirection(
                        Redirection.When.ALWAYS,
                        List.of(alternate("203.0.113.9:3478"), alternate("[2001:db8::9]:3478")));
        return setting.start();
    }

    private static Alternate alternate(String address) {
        return new Alternate(Transport.UDP, TestAddresses.of(address), null, null, 1);
    }

    private static ScriptClient introduced(TurnScript turn, String client) {
        return turn.introduced(new ScriptClient("alice", "wonderland", from(client)));
    }

    private static String row(String name, int request, int ipv4, int ipv6) {
        return "| %s | %d | %d, %s | %d, %s |"
                .formatted(name, request, ipv4, times(ipv4, request), ipv6, times(ipv6, request));
    }

    private static String times(int answer, int request) {
        return String.format(Locale.ROOT, "×%.1f", (double) answer / request);
    }

    private static List<String> documented() throws IOException {
        return Files.readAllLines(SECURITY);
    }

    private static Kind kind(
            String name, Method method, List<AttributeType<?>> attributes, int code) {
        return new Kind(name, method, ID, attributes, code, Served.BASIC);
    }

    private static StunMessage answer(Kind kind, StunMessage request, String client) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.bindings = kind.served().at(client);
        return answered(setting.start(), from(client), request);
    }

    private static StunMessage answered(TurnScript turn, FiveTuple from, StunMessage request) {
        return messageOf(
                turn.core.handle(new Event.MessageReceived(from, request), turn.now()).getFirst());
    }

    private static StunMessage messageOf(Effect effect) {
        return switch (effect) {
            case Effect.Send(_, var message) -> message;
            case Effect.Reject(_, var message, _, _) -> message;
            default -> throw new AssertionError("no answer: " + effect);
        };
    }

    /// With the server at an address of the same family.
    private static FiveTuple from(String client) {
        return new FiveTuple(
                Transport.UDP,
                TestAddresses.of(client),
                new InetSocketAddress(server(client, 1), TurnScript.SERVER.getPort()));
    }

    private static NatDiscovery discovery(String client) {
        InetAddress first = server(client, 1);
        InetAddress second = server(client, 2);
        return new NatDiscovery(
                new NatDiscovery.Host(first, first),
                new NatDiscovery.Host(second, second),
                TurnScript.SERVER.getPort(),
                TurnScript.SERVER.getPort() + 1,
                Set.of(Transport.UDP),
                new SourceRates(100, 100, 1));
    }

    private static InetAddress server(String client, int number) {
        String prefix = family(client) == AddressFamily.IPV4 ? "198.51.100." : "2001:db8:1::";
        return TestAddresses.host(prefix + number);
    }

    private static AddressFamily family(String client) {
        return AddressFamily.of(TestAddresses.of(client).getAddress());
    }
}
