package io.hairpin.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hairpin.client.ExchangeException.Reason;
import io.hairpin.stun.AddressError;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;
import io.hairpin.stun.Present;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

class TurnClientTest {
    private static final InetSocketAddress PEER = new InetSocketAddress("203.0.113.5", 9);
    private static final InetSocketAddress PEER6 = new InetSocketAddress("2001:db8::5", 9);
    private static final InetSocketAddress RELAYED = new InetSocketAddress("192.0.2.1", 50_002);
    private static final InetSocketAddress MAPPED = new InetSocketAddress("198.51.100.1", 40_000);
    private static final Duration AT_ONCE = Duration.ZERO;

    private final SimulatedTime time = new SimulatedTime();
    private final MemoryTransport transport = new MemoryTransport(time, false, this::answer);
    private final TurnClient client =
            new TurnClient(
                    MemoryTransport.SERVER,
                    ClientOptions.STANDARD.withReceiveQueueLimit(2),
                    transport,
                    time);
    private boolean refusing;
    private boolean silent;

    @Test
    void bindingTellsTheMappedAddress() {
        assertThat(client.bind()).isEqualTo(MAPPED);
    }

    @Test
    void allocateAsksForAllThatIsWanted() {
        Allocation allocation =
                client.allocate(
                        AllocateOptions.udp()
                                .lifetime(Duration.ofMinutes(20))
                                .family(AddressFamily.IPV6)
                                .additionalFamily(AddressFamily.IPV4)
                                .evenPortReservingNext()
                                .reservationToken(7)
                                .dontFragment());

        StunMessage request = transport.lastSent();
        assertThat(request.find(Attributes.REQUESTED_TRANSPORT)).contains(17);
        assertThat(request.find(Attributes.LIFETIME)).contains(1_200L);
        assertThat(request.find(Attributes.REQUESTED_ADDRESS_FAMILY)).contains(2);
        assertThat(request.find(Attributes.ADDITIONAL_ADDRESS_FAMILY)).contains(1);
        assertThat(request.find(Attributes.EVEN_PORT)).contains(true);
        assertThat(request.find(Attributes.RESERVATION_TOKEN)).contains(7L);
        assertThat(request.find(Attributes.DONT_FRAGMENT)).contains(Present.PRESENT);
        assertThat(allocation)
                .isEqualTo(
                        new Allocation(
                                List.of(RELAYED),
                                MAPPED,
                                Duration.ofMinutes(10),
                                Optional.of(42L),
                                Optional.of(
                                        AddressError.of(
                                                AddressFamily.IPV6,
                                                ErrorCode.INSUFFICIENT_CAPACITY))));
    }

    @Test
    void optionsLeaveTheOnesTheyWereMadeFromAlone() {
        AllocateOptions plain = AllocateOptions.udp();

        client.allocate(plain.evenPort());
        client.allocate(plain);

        assertThat(transport.lastSent().attributeCodes())
                .containsExactly(
                        Attributes.REQUESTED_TRANSPORT.code(), Attributes.FINGERPRINT.code());
    }

    @Test
    void permissionNamesEveryPeer() {
        client.createPermission(PEER.getAddress(), PEER6.getAddress());

        assertThat(transport.lastSent().findAll(Attributes.XOR_PEER_ADDRESS))
                .extracting(InetSocketAddress::getAddress)
                .containsExactly(PEER.getAddress(), PEER6.getAddress());
    }

    @Test
    void sendIndicationCarriesPeerAndData() {
        client.send(PEER, new byte[] {1, 2, 3}, true);

        StunMessage indication = transport.lastSent();
        assertThat(indication.method()).isEqualTo(Method.SEND);
        assertThat(indication.find(Attributes.XOR_PEER_ADDRESS)).contains(PEER);
        assertThat(indication.find(Attributes.DATA).orElseThrow()).containsExactly(1, 2, 3);
        assertThat(indication.has(Attributes.DONT_FRAGMENT)).isTrue();
    }

    @Test
    void dataIndicationIsReceivedWithItsPeer() {
        transport.deliver(data(PEER, 5));

        assertThat(client.receive(AT_ONCE)).contains(Received.byIndication(PEER, new byte[] {5}));
        assertThat(client.receive(AT_ONCE)).isEmpty();
    }

    @Test
    void channelDataIsReceivedFromThePeerOfTheChannel() {
        client.channelBind(0x4001, PEER);

        transport.deliver(new byte[] {0x40, 1, 0, 2, 8, 9, 0, 0});

        Received received = client.receive(AT_ONCE).orElseThrow();
        assertThat(received.peer()).isEqualTo(PEER);
        assertThat(received.channel()).isEqualTo(OptionalInt.of(0x4001));
        assertThat(received.bytes()).containsExactly(8, 9);
    }

    @Test
    void refusedBindingLeavesTheChannelAsItWas() {
        client.channelBind(0x4001, PEER);
        refusing = true;

        assertThatExceptionOfType(TurnException.class)
                .isThrownBy(() -> client.channelBind(0x4001, PEER6));
        assertThatExceptionOfType(TurnException.class)
                .isThrownBy(() -> client.channelBind(0x4002, PEER6));

        transport.deliver(new byte[] {0x40, 1, 0, 0});
        transport.deliver(new byte[] {0x40, 2, 0, 0});
        assertThat(client.receive(AT_ONCE).orElseThrow().peer()).isEqualTo(PEER);
        assertThat(client.drops()).isEqualTo(new Drops(0, 1, 0));
    }

    @Test
    void whatNobodyTakesIsDroppedBeyondTheLimitAndCounted() {
        for (int i = 1; i <= 5; i++) {
            transport.deliver(data(PEER, i));
        }

        assertThat(client.receive(AT_ONCE).orElseThrow().bytes()).containsExactly(1);
        assertThat(client.receive(AT_ONCE).orElseThrow().bytes()).containsExactly(2);
        assertThat(client.receive(AT_ONCE)).isEmpty();
        assertThat(client.drops()).isEqualTo(new Drops(3, 0, 0));
    }

    @Test
    void whatMakesNoSenseIsDroppedAndCounted() {
        transport.deliver(new byte[0]);
        transport.deliver(new byte[] {22, 1, 1});
        transport.deliver(new byte[] {0, 1, 0, 0});
        transport.deliver(new byte[] {0x40, 0, 0});
        transport.deliver(new byte[] {0x40, 0, 0, 9, 1});
        transport.deliver(
                StunMessage.request(Method.BINDING, TransactionId.of(1, 1)).build().toBytes());
        transport.deliver(
                StunMessage.success(Method.BINDING, TransactionId.of(1, 1)).build().toBytes());
        transport.deliver(
                StunMessage.indication(Method.DATA, TransactionId.of(1, 1)).build().toBytes());
        transport.deliver(
                StunMessage.indication(Method.BINDING, TransactionId.of(1, 1)).build().toBytes());

        assertThat(client.drops()).isEqualTo(new Drops(0, 0, 9));
    }

    @Test
    void receivingGoesOnWithWhatIsThereAfterTheEndAndThenFails() {
        transport.deliver(data(PEER, 1));
        transport.inbound().ended(new ClosedChannelException());

        assertThat(client.receive(AT_ONCE)).isPresent();
        assertThatExceptionOfType(ExchangeException.class)
                .isThrownBy(() -> client.receive(Duration.ofDays(1)))
                .extracting(ExchangeException::reason)
                .isEqualTo(Reason.CLOSED);
    }

    @Test
    void closingEndsTheAllocation() {
        client.allocate(AllocateOptions.udp());

        client.close();

        assertThat(transport.lastSent().method()).isEqualTo(Method.REFRESH);
        assertThat(transport.lastSent().find(Attributes.LIFETIME)).contains(0L);
        assertThat(transport.isClosed()).isTrue();
    }

    @Test
    void closingTwiceIsClosingOnce() {
        client.allocate(AllocateOptions.udp());

        client.close();
        client.close();

        assertThat(transport.sent()).hasSize(2);
    }

    @Test
    void closingWithoutAllocationTellsTheServerNothing() {
        client.allocate(AllocateOptions.udp());
        client.refresh(Duration.ZERO);

        client.close();

        assertThat(transport.sent()).hasSize(2);
        assertThat(transport.isClosed()).isTrue();
    }

    @Test
    void closingWaitsTwoSecondsAtMostForASilentServer() {
        client.allocate(AllocateOptions.udp());
        silent = true;
        Duration before = time.elapsed();

        client.close();

        assertThat(time.elapsed().minus(before)).isEqualTo(TurnClient.CLOSE_TIMEOUT);
        assertThat(transport.isClosed()).isTrue();
    }

    @Test
    void vanishingTellsTheServerNothing() {
        client.allocate(AllocateOptions.udp());

        client.vanish();
        client.close();

        assertThat(transport.sent()).hasSize(1);
        assertThat(transport.isClosed()).isTrue();
    }

    @Test
    void closedClientSaysSo() {
        client.close();

        assertThatExceptionOfType(ExchangeException.class)
                .isThrownBy(() -> client.send(PEER, new byte[1]))
                .extracting(ExchangeException::reason)
                .isEqualTo(Reason.CLOSED);
        assertThatExceptionOfType(ExchangeException.class)
                .isThrownBy(client::bind)
                .extracting(ExchangeException::reason)
                .isEqualTo(Reason.CLOSED);
    }

    @Test
    void rawExchangeReturnsErrorsAsTheyAre() {
        refusing = true;
        StunMessage request = StunMessage.request(Method.REFRESH, TransactionId.of(3, 3)).build();

        StunMessage response = client.exchange(request);

        assertThat(transport.lastSent()).isEqualTo(request);
        assertThat(response.find(Attributes.ERROR_CODE).orElseThrow().code()).isEqualTo(403);
    }

    @Test
    void moreThanChannelDataCanSayIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.sendChannel(0x4000, new byte[65_536]));
    }

    @Test
    void credentialsThatCannotBeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> client.with("", "secret"));
        assertThatIllegalArgumentException().isThrownBy(() -> client.with("a\u0000b", "secret"));
    }

    private static byte[] data(InetSocketAddress peer, int value) {
        return StunMessage.indication(Method.DATA, TransactionId.of(9, value))
                .with(Attributes.XOR_PEER_ADDRESS, peer)
                .with(Attributes.DATA, new byte[] {(byte) value})
                .build()
                .toBytes();
    }

    private Optional<StunMessage> answer(StunMessage request) {
        TransactionId id = request.transactionId();
        if (silent || request.method() == Method.SEND) {
            return Optional.empty();
        }
        if (refusing) {
            return Optional.of(
                    StunMessage.error(request.method(), id, ErrorCode.FORBIDDEN).build());
        }
        StunMessage.Builder response = StunMessage.success(request.method(), id);
        switch (request.method()) {
            case BINDING -> response.with(Attributes.XOR_MAPPED_ADDRESS, MAPPED);
            case ALLOCATE ->
                    response.with(Attributes.XOR_RELAYED_ADDRESS, RELAYED)
                            .with(Attributes.XOR_MAPPED_ADDRESS, MAPPED)
                            .with(Attributes.LIFETIME, 600L)
                            .with(Attributes.RESERVATION_TOKEN, 42L)
                            .with(
                                    Attributes.ADDRESS_ERROR_CODE,
                                    AddressError.of(
                                            AddressFamily.IPV6, ErrorCode.INSUFFICIENT_CAPACITY));
            case REFRESH ->
                    response.with(
                            Attributes.LIFETIME, request.find(Attributes.LIFETIME).orElse(600L));
            case SEND,
                    DATA,
                    CREATE_PERMISSION,
                    CHANNEL_BIND,
                    CONNECT,
                    CONNECTION_BIND,
                    CONNECTION_ATTEMPT -> {}
        }
        return Optional.of(response.build());
    }
}
