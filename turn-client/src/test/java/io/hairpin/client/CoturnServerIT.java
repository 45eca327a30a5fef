package io.hairpin.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// The client against a server that somebody else wrote.
class CoturnServerIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int CHANNEL = 0x4001;
    private static final int SCTP_PROTOCOL = 132;

    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private static @Nullable CoturnServer server;
    private static @Nullable EchoPeer peer;

    enum Over {
        UDP,
        TCP,
        TLS,
        DTLS
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        Optional<Path> executable = CoturnServer.executable();
        assumeTrue(
                executable.isPresent(),
                "coturn's turnserver is not installed (Debian: apt-get install coturn)");
        server = CoturnServer.start(executable.get(), directory);
        peer = EchoPeer.open();
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        if (peer != null) {
            peer.close();
        }
        if (server != null) {
            server.stop();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bindingTellsOurOwnAddress(Over over) {
        try (TurnClient client = anonymous(over)) {
            assertThat(client.bind()).isEqualTo(client.localAddress());
        }
    }

    @ParameterizedTest
    @EnumSource
    void allocateGivesARelayForTheLifetimeAskedFor(Over over) {
        try (TurnClient client = alice(over)) {
            Allocation allocation =
                    client.allocate(AllocateOptions.udp().lifetime(Duration.ofMinutes(20)));

            assertThat(allocation.relayedAddress().getAddress()).isEqualTo(address().getAddress());
            assertThat(allocation.relayedAddress().getPort())
                    .isBetween(CoturnServer.MIN_RELAY_PORT, CoturnServer.MAX_RELAY_PORT);
            assertThat(allocation.mappedAddress()).isEqualTo(client.localAddress());
            assertThat(allocation.lifetime()).isEqualTo(Duration.ofMinutes(20));
            assertThat(allocation.reservationToken()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void wrongPasswordIsUnauthenticated(Over over) {
        try (TurnClient client = anonymous(over).with(CoturnServer.USERNAME, "wrong")) {
            assertRefused(ErrorCode.UNAUTHENTICATED, () -> client.allocate(AllocateOptions.udp()));
        }
    }

    @Test
    void unknownUserIsUnauthenticated() {
        try (TurnClient client = anonymous(Over.UDP).with("mallory", "secret")) {
            assertRefused(ErrorCode.UNAUTHENTICATED, () -> client.allocate(AllocateOptions.udp()));
        }
    }

    @Test
    void rawExchangeShowsTheChallenge() {
        try (TurnClient client = anonymous(Over.UDP)) {
            StunMessage response =
                    client.exchange(
                            StunMessage.request(Method.ALLOCATE, TransactionId.of(1, 2))
                                    .with(Attributes.REQUESTED_TRANSPORT, 17)
                                    .build());

            assertThat(response.messageClass()).isEqualTo(MessageClass.ERROR_RESPONSE);
            assertThat(response.find(Attributes.ERROR_CODE).orElseThrow().code()).isEqualTo(401);
            assertThat(response.find(Attributes.REALM)).contains(CoturnServer.REALM);
            assertThat(response.find(Attributes.NONCE)).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    void permittedPeerEchoesByIndications(Over over) {
        try (TurnClient client = alice(over)) {
            client.allocate(AllocateOptions.udp());
            client.createPermission(peer().getAddress());

            for (int length : new int[] {1, 2, 3, 4, 1_199}) {
                byte[] data = data(length);
                client.send(peer(), data);

                assertThat(client.receive(SOON)).contains(Received.byIndication(peer(), data));
            }
            assertThat(client.drops()).isEqualTo(new Drops(0, 0, 0));
        }
    }

    @Test
    void withoutPermissionNothingReachesThePeer() {
        try (TurnClient client = alice(Over.UDP)) {
            client.allocate(AllocateOptions.udp());

            client.send(peer(), data(1));
            client.createPermission(peer().getAddress());
            client.send(peer(), data(2));

            assertThat(client.receive(SOON)).contains(Received.byIndication(peer(), data(2)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void boundChannelEchoes(Over over) {
        try (TurnClient client = alice(over)) {
            client.allocate(AllocateOptions.udp());
            client.channelBind(CHANNEL, peer());

            for (int length : new int[] {1, 2, 3, 4, 1_199}) {
                byte[] data = data(length);
                client.sendChannel(CHANNEL, data);

                assertThat(client.receive(SOON))
                        .contains(Received.byChannel(CHANNEL, peer(), data));
            }
            assertThat(client.drops()).isEqualTo(new Drops(0, 0, 0));
        }
    }

    @Test
    void twoClientsOfTheServerTalkRelayToRelay() {
        try (TurnClient one = alice(Over.UDP);
                TurnClient other = alice(Over.TCP)) {
            InetSocketAddress relayOfOne = one.allocate(AllocateOptions.udp()).relayedAddress();
            InetSocketAddress relayOfOther = other.allocate(AllocateOptions.udp()).relayedAddress();
            one.createPermission(relayOfOther.getAddress());
            other.channelBind(CHANNEL, relayOfOne);

            one.send(relayOfOther, data(100));
            assertThat(other.receive(SOON))
                    .contains(Received.byChannel(CHANNEL, relayOfOne, data(100)));

            other.sendChannel(CHANNEL, data(101));
            assertThat(one.receive(SOON)).contains(Received.byIndication(relayOfOther, data(101)));
        }
    }

    /// RFC 8656 §5 wants a 437 here, and at once; coturn takes a second.
    @Test
    void refreshWithLifetimeZeroEndsTheAllocation() {
        try (TurnClient client = alice(Over.UDP)) {
            client.allocate(AllocateOptions.udp());
            assertThat(client.refresh(Duration.ofMinutes(15))).isEqualTo(Duration.ofMinutes(15));

            assertThat(client.refresh(Duration.ZERO)).isZero();

            await().atMost(SOON)
                    .untilAsserted(
                            () ->
                                    assertRefused(
                                            ErrorCode.BAD_REQUEST,
                                            () -> client.createPermission(peer().getAddress())));
        }
    }

    @Test
    void refreshWithLifetimeZeroOverTcpEndsTheConnectionToo() {
        try (TurnClient client = alice(Over.TCP)) {
            client.allocate(AllocateOptions.udp());

            assertThat(client.refresh(Duration.ZERO)).isZero();

            assertThatExceptionOfType(ExchangeException.class)
                    .isThrownBy(() -> client.receive(SOON))
                    .extracting(ExchangeException::reason)
                    .isEqualTo(ExchangeException.Reason.CLOSED);
        }
    }

    @Test
    void reservedPortIsTheNextAfterAnEvenOne() {
        try (TurnClient first = alice(Over.UDP);
                TurnClient second = alice(Over.UDP)) {
            Allocation even = first.allocate(AllocateOptions.udp().evenPortReservingNext());
            long token = even.reservationToken().orElseThrow();

            Allocation odd = second.allocate(AllocateOptions.udp().reservationToken(token));

            int port = even.relayedAddress().getPort();
            assertThat(port).isEven();
            assertThat(odd.relayedAddress().getPort()).isEqualTo(port + 1);
        }
    }

    @Test
    void evenPortWithoutReservationHasNoToken() {
        try (TurnClient client = alice(Over.UDP)) {
            Allocation allocation = client.allocate(AllocateOptions.udp().evenPort());

            assertThat(allocation.relayedAddress().getPort()).isEven();
            assertThat(allocation.reservationToken()).isEmpty();
        }
    }

    @Test
    void dontFragmentIsAccepted() {
        try (TurnClient client = alice(Over.UDP)) {
            client.allocate(AllocateOptions.udp().dontFragment());
            client.createPermission(peer().getAddress());

            client.send(peer(), data(9), true);

            assertThat(client.receive(SOON)).contains(Received.byIndication(peer(), data(9)));
        }
    }

    /// RFC 8656 §7.2 wants a 442 here.
    @ParameterizedTest
    @ValueSource(ints = {SCTP_PROTOCOL, 0})
    void relayOfAnotherProtocolIsABadRequestToCoturn(int protocol) {
        try (TurnClient client = alice(Over.UDP)) {
            assertRefused(
                    ErrorCode.BAD_REQUEST,
                    () -> client.allocate(AllocateOptions.transport(protocol)));
        }
    }

    @Test
    void missingFamilyIsNotSupported() {
        try (TurnClient client = alice(Over.UDP)) {
            assertRefused(
                    ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED,
                    () -> client.allocate(AllocateOptions.udp().family(AddressFamily.IPV6)));
        }
    }

    /// coturn sends this 437 without integrity, so anybody could have.
    @Test
    void unprotectedMismatchIsNotBelieved() {
        try (TurnClient client = alice(Over.TCP)) {
            client.allocate(AllocateOptions.udp());

            assertThatExceptionOfType(ExchangeException.class)
                    .isThrownBy(() -> client.allocate(AllocateOptions.udp()))
                    .withMessage("ALLOCATE: the response is not protected (437)")
                    .extracting(ExchangeException::reason)
                    .isEqualTo(ExchangeException.Reason.INTEGRITY_VIOLATED);
        }
    }

    @Test
    void vanishingLeavesTheAllocation() {
        TurnClient first = alice(Over.UDP);
        first.allocate(AllocateOptions.udp());
        first.vanish();

        ClientOptions sameSocket = ClientOptions.STANDARD.withLocal(first.localAddress());
        try (TurnClient second = authenticated(TurnClient.udp(address(), sameSocket))) {
            assertThat(second.refresh(Duration.ofMinutes(12))).isEqualTo(Duration.ofMinutes(12));
        }
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(TurnException.class)
                .isThrownBy(call)
                .extracting(TurnException::code)
                .isEqualTo(code.code());
    }

    private static byte[] data(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static TurnClient alice(Over over) {
        return authenticated(anonymous(over));
    }

    private static TurnClient authenticated(TurnClient client) {
        return client.with(CoturnServer.USERNAME, CoturnServer.PASSWORD);
    }

    private static TurnClient anonymous(Over over) {
        return switch (over) {
            case UDP -> TurnClient.udp(address(), fromItsOwnAddress());
            case TCP -> TurnClient.tcp(address());
            case TLS -> TurnClient.tls(address(), believing());
            case DTLS -> TurnClient.dtls(address(), believing(), fromItsOwnAddress());
        };
    }

    /// coturn remembers whom it served over UDP, and never answers DTLS from there. The system may
    /// give one client the port that another had before.
    private static ClientOptions fromItsOwnAddress() {
        InetAddress own = InetAddress.ofLiteral("127.0.1." + ADDRESSES.incrementAndGet());
        return ClientOptions.STANDARD.withLocal(new InetSocketAddress(own, 0));
    }

    private static TlsOptions believing() {
        CoturnServer running = Optional.ofNullable(server).orElseThrow();
        return TlsOptions.of(Trust.certificates(List.of(running.identity().certificate())));
    }

    private static InetSocketAddress address() {
        return Optional.ofNullable(server).orElseThrow().address();
    }

    private static InetSocketAddress peer() {
        return Optional.ofNullable(peer).orElseThrow().address();
    }
}
