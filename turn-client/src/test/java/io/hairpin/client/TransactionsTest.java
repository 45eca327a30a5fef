package io.hairpin.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hairpin.client.ExchangeException.Reason;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

class TransactionsTest {
    private static final StunMessage REQUEST =
            StunMessage.request(Method.BINDING, TransactionId.of(1, 2)).build();
    private static final StunMessage RESPONSE =
            StunMessage.success(Method.BINDING, TransactionId.of(1, 2)).build();

    private final SimulatedTime time = new SimulatedTime();

    @Test
    void unansweredRequestIsSentSevenTimesAndFailsAfter39500Milliseconds() {
        MemoryTransport transport = silent(false);

        assertFails(() -> exchange(transport), Reason.TIMED_OUT);

        assertThat(transport.sendingTimes())
                .extracting(Duration::toMillis)
                .containsExactly(0L, 500L, 1_500L, 3_500L, 7_500L, 15_500L, 31_500L);
        assertThat(transport.sent())
                .extracting(MemoryTransport.Sent::message)
                .containsOnly(REQUEST);
        assertThat(time.elapsed()).isEqualTo(Duration.ofMillis(39_500));
    }

    @Test
    void overAReliableTransportTheRequestIsSentOnce() {
        MemoryTransport transport = silent(true);

        assertFails(() -> exchange(transport), Reason.TIMED_OUT);

        assertThat(transport.sent()).hasSize(1);
        assertThat(time.elapsed()).isEqualTo(Duration.ofMillis(39_500));
    }

    @Test
    void responseEndsTheRepetition() {
        MemoryTransport transport = silent(false);
        time.after(Duration.ofMillis(1_600), () -> transport.deliver(RESPONSE.toBytes()));

        StunMessage answer = exchange(transport);

        assertThat(answer).isEqualTo(RESPONSE);
        assertThat(transport.sendingTimes())
                .extracting(Duration::toMillis)
                .containsExactly(0L, 500L, 1_500L);
        assertThat(time.elapsed()).isEqualTo(Duration.ofMillis(1_600));
    }

    @Test
    void responseInTheLongWaitAfterTheLastRequestCounts() {
        MemoryTransport transport = silent(false);
        time.after(Duration.ofMillis(39_499), () -> transport.deliver(RESPONSE.toBytes()));

        assertThat(exchange(transport)).isEqualTo(RESPONSE);
    }

    @Test
    void shorterPatienceThanTheScheduleEndsIt() {
        MemoryTransport transport = silent(false);

        assertFails(
                () -> exchange(transport, _ -> Optional.empty(), Duration.ofSeconds(1)),
                Reason.TIMED_OUT);

        assertThat(transport.sent()).hasSize(2);
        assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whatAnswersAnotherRequestIsNoAnswer() {
        MemoryTransport transport = silent(false);
        deliverSoon(transport, StunMessage.success(Method.BINDING, TransactionId.of(1, 3)).build());
        deliverSoon(transport, StunMessage.success(Method.REFRESH, TransactionId.of(1, 2)).build());
        deliverSoon(transport, REQUEST);

        assertFails(() -> exchange(transport), Reason.TIMED_OUT);
    }

    @Test
    void responseWithAWrongFingerprintIsNoAnswer() {
        MemoryTransport transport = silent(false);
        deliverSoon(
                transport,
                StunMessage.success(Method.BINDING, TransactionId.of(1, 2))
                        .with(Attributes.FINGERPRINT, 0L)
                        .build());

        assertFails(() -> exchange(transport), Reason.TIMED_OUT);
    }

    @Test
    void overUdpAResponseThatIsObjectedToIsAsIfItHadNeverCome() {
        StunMessage believable =
                StunMessage.success(Method.BINDING, TransactionId.of(1, 2))
                        .with(Attributes.SOFTWARE, "believable")
                        .build();
        MemoryTransport transport = silent(false);
        deliverSoon(transport, RESPONSE);
        time.after(Duration.ofMillis(700), () -> transport.deliver(believable.toBytes()));

        StunMessage answer = exchange(transport, TransactionsTest::unlessBelievable);

        assertThat(answer).isEqualTo(believable);
        assertThat(transport.sent()).hasSize(2);
    }

    @Test
    void whereOnlyObjectionableResponsesCameThatIsWhyItFails() {
        MemoryTransport transport = silent(false);
        deliverSoon(transport, RESPONSE);

        assertFails(
                () -> exchange(transport, TransactionsTest::unlessBelievable),
                Reason.INTEGRITY_VIOLATED);

        assertThat(time.elapsed()).isEqualTo(Duration.ofMillis(39_500));
    }

    @Test
    void overAReliableTransportAnObjectionFailsAtOnce() {
        MemoryTransport transport = silent(true);
        deliverSoon(transport, RESPONSE);

        assertFails(
                () -> exchange(transport, TransactionsTest::unlessBelievable),
                Reason.INTEGRITY_VIOLATED);

        assertThat(time.elapsed()).isEqualTo(MemoryTransport.ONE_WAY);
    }

    @Test
    void hardIcmpErrorFailsAtOnce() {
        MemoryTransport transport = silent(false);
        time.after(
                MemoryTransport.ONE_WAY,
                () -> transport.inbound().unreachable(new PortUnreachableException()));

        assertFails(() -> exchange(transport), Reason.UNREACHABLE);

        assertThat(time.elapsed()).isEqualTo(MemoryTransport.ONE_WAY);
    }

    @Test
    void endOfTheConnectionFailsWhatIsUnderWayAndWhatFollows() {
        MemoryTransport transport = silent(true);
        Transactions transactions = transactions(transport);
        time.after(
                MemoryTransport.ONE_WAY,
                () -> transport.inbound().ended(new ClosedChannelException()));

        assertFails(() -> exchange(transactions), Reason.CLOSED);
        assertFails(() -> exchange(transactions), Reason.CLOSED);

        assertThat(transport.sent()).hasSize(1);
    }

    @Test
    void transactionIdIsFreeAgainOnceTheTransactionIsOver() {
        MemoryTransport transport = new MemoryTransport(time, false, _ -> Optional.of(RESPONSE));
        Transactions transactions = transactions(transport);

        assertThat(exchange(transactions)).isEqualTo(RESPONSE);
        assertThat(exchange(transactions)).isEqualTo(RESPONSE);
    }

    @Test
    void transactionIdInUseIsRefused() {
        MemoryTransport transport = silent(false);
        Transactions transactions = transactions(transport);
        time.after(
                MemoryTransport.ONE_WAY,
                () ->
                        assertThatIllegalArgumentException()
                                .isThrownBy(() -> exchange(transactions)));
        time.after(MemoryTransport.ONE_WAY, () -> transport.deliver(RESPONSE.toBytes()));

        assertThat(exchange(transactions)).isEqualTo(RESPONSE);
    }

    private static Optional<String> unlessBelievable(StunMessage response) {
        return response.has(Attributes.SOFTWARE) ? Optional.empty() : Optional.of("not believable");
    }

    private static void assertFails(ThrowingCallable call, Reason reason) {
        assertThatExceptionOfType(ExchangeException.class)
                .isThrownBy(call)
                .extracting(ExchangeException::reason)
                .isEqualTo(reason);
    }

    private MemoryTransport silent(boolean reliable) {
        return new MemoryTransport(time, reliable, _ -> Optional.empty());
    }

    private void deliverSoon(MemoryTransport transport, StunMessage message) {
        time.after(MemoryTransport.ONE_WAY, () -> transport.deliver(message.toBytes()));
    }

    private Transactions transactions(MemoryTransport transport) {
        Transactions transactions = new Transactions(transport, Retransmission.STANDARD, time);
        transport.start(new Incoming(transactions, new ReceiveQueue(1)));
        return transactions;
    }

    private StunMessage exchange(MemoryTransport transport) {
        return exchange(transport, _ -> Optional.empty());
    }

    private StunMessage exchange(
            MemoryTransport transport, Function<StunMessage, Optional<String>> objection) {
        return exchange(transport, objection, Duration.ofMinutes(1));
    }

    private StunMessage exchange(
            MemoryTransport transport,
            Function<StunMessage, Optional<String>> objection,
            Duration atMost) {
        return transactions(transport).exchange(REQUEST, objection, atMost.toNanos());
    }

    private static StunMessage exchange(Transactions transactions) {
        return transactions.exchange(
                REQUEST, _ -> Optional.empty(), Duration.ofMinutes(1).toNanos());
    }
}
