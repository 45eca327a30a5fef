package io.hairpin.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// What a server does with clients before they have a session.
class DtlsServerTest {

    private static final InetSocketAddress CLIENT = Lab.client(1);

    private Lab lab = Lab.faithful();
    private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aClientHelloWithoutACookieGetsOneAndLeavesNoTrace() {
        byte[] hello = Hello.of(1).record();
        lab.listen(CLIENT, answers::add);

        lab.give(CLIENT, hello);

        byte[] answer = Recorder.next(answers);
        assertThat(answer[13]).isEqualTo((byte) Records.HELLO_VERIFY_REQUEST);
        assertThat(answer.length).isLessThan(hello.length);
        assertThat(lab.call(lab.server::peers)).isZero();
        assertThat(lab.engine.handshakes()).isZero();
    }

    @Test
    void aCookieIsNoGoodAtAnotherAddress() {
        byte[] cookie = cookieFor(CLIENT, Hello.of(1));
        InetSocketAddress thief = Lab.client(2);
        lab.listen(thief, answers::add);

        lab.give(thief, Hello.of(1).returning(cookie).record());

        assertThat(Recorder.next(answers)[13]).isEqualTo((byte) Records.HELLO_VERIFY_REQUEST);
        assertThat(lab.call(lab.server::peers)).isZero();
    }

    @Test
    void aCookieIsNoGoodForAnotherHello() {
        byte[] cookie = cookieFor(CLIENT, Hello.of(1));

        lab.give(CLIENT, Hello.of(2).returning(cookie).record());

        assertThat(Recorder.next(answers)[13]).isEqualTo((byte) Records.HELLO_VERIFY_REQUEST);
        assertThat(lab.call(lab.server::peers)).isZero();
    }

    @Test
    void aCookieIsGoodForAMinuteAndNotForThree() {
        byte[] cookie = cookieFor(CLIENT, Hello.of(1));

        lab.skip(Duration.ofSeconds(59));
        lab.give(CLIENT, Hello.of(1).returning(cookie).record());
        assertThat(Recorder.next(answers)[13]).isEqualTo((byte) 2); // ServerHello

        lab.listen(CLIENT, _ -> {}); // it is sent more
        InetSocketAddress other = Lab.client(2);
        byte[] old = cookieFor(other, Hello.of(2));
        lab.skip(Duration.ofMinutes(3));
        answers.clear();
        lab.give(other, Hello.of(2).returning(old).record());
        assertThat(Recorder.next(answers)[13]).isEqualTo((byte) Records.HELLO_VERIFY_REQUEST);
    }

    @Test
    void aClientHelloInPartsIsVerifiedByItsFirstAndKeptThereafter() {
        Hello hello = Hello.of(1).padded(400);
        lab.listen(CLIENT, answers::add);
        List<byte[]> first = hello.parts(150);
        assertThat(first).hasSizeGreaterThan(2);

        first.forEach(part -> lab.give(CLIENT, part));
        byte[] cookie = Hello.cookieIn(answers);
        assertThat(lab.call(lab.server::peers)).isZero();

        List<byte[]> second = hello.returning(cookie).parts(150);
        lab.give(CLIENT, second.getFirst());
        assertThat(lab.call(lab.server::peers)).isEqualTo(1);
        second.reversed().forEach(part -> lab.give(CLIENT, part)); // the first one twice
        assertThat(Recorder.next(answers)[13]).isEqualTo((byte) 2); // ServerHello
    }

    @Test
    void severalPartsInOneDatagramAreAllTakenIn() {
        Hello hello = Hello.of(1).padded(100);
        byte[] cookie = cookieFor(CLIENT, hello);
        List<byte[]> parts = hello.returning(cookie).parts(100);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);

        lab.give(CLIENT, all.toByteArray());

        assertThat(Recorder.next(answers)[13]).isEqualTo((byte) 2); // ServerHello
    }

    @Test
    void aFirstPartWithoutAllOfTheCookieIsDropped() {
        lab.give(CLIENT, Hello.of(1).parts(34).getFirst());

        assertThat(Recorder.next(lab.served.drops)).isEqualTo(DtlsDrop.MALFORMED);
    }

    @Test
    void aHelloLongerThanAnyIsDropped() {
        lab.give(CLIENT, Hello.of(1).padded(9000).parts(500).getFirst());

        assertThat(Recorder.next(lab.served.drops)).isEqualTo(DtlsDrop.MALFORMED);
    }

    @Test
    void anOlderVersionIsRefusedOnceTheCookieIsBack() {
        Hello old = Hello.of(1).version(Records.DTLS_1_0);
        byte[] cookie = cookieFor(CLIENT, old);

        lab.give(CLIENT, old.returning(cookie).record());

        byte[] alert = Recorder.next(answers);
        assertThat(alert).hasSize(15);
        assertThat(alert[0]).isEqualTo((byte) Records.ALERT);
        assertThat(alert[13]).isEqualTo((byte) 2); // fatal
        assertThat(alert[14]).isEqualTo((byte) 70); // protocol_version
        assertThat(lab.call(lab.server::peers)).isZero();
        assertThat(Recorder.next(lab.served.failures)).isEqualTo(DtlsFailure.OLD_VERSION);
    }

    @Test
    void aClientHelloSentAgainIsAnsweredAgainAndIsNoSecondHandshake() {
        byte[] hello = halfOpen(CLIENT, 1);
        byte[] serverHello = Recorder.next(answers);
        answers.clear();

        lab.give(CLIENT, hello);

        byte[] again = Recorder.next(answers);
        assertThat(again[13]).isEqualTo(serverHello[13]);
        assertThat(lab.engine.handshakes()).isEqualTo(1);
        assertThat(lab.served.failures).isEmpty();
    }

    @Test
    void aClientThatBeginsAnewInTheMiddleOfAHandshakeHasOneHandshake() {
        halfOpen(CLIENT, 1);
        halfOpen(CLIENT, 2);

        assertThat(Recorder.next(lab.served.failures)).isEqualTo(DtlsFailure.RESTARTED);
        assertThat(lab.engine.handshakes()).isEqualTo(1);
        assertThat(lab.call(lab.server::peers)).isEqualTo(1);
    }

    @Test
    void aHandshakeThatTakesTooLongIsForgotten() {
        halfOpen(CLIENT, 1);

        lab.skip(Lab.LIMITS.handshakeTimeout());

        assertThat(Recorder.next(lab.served.failures)).isEqualTo(DtlsFailure.TIMED_OUT);
        assertThat(lab.engine.handshakes()).isZero();
        assertThat(lab.call(lab.server::peers)).isZero();
    }

    @Test
    void aHelloThatStaysIncompleteIsForgotten() {
        Hello hello = Hello.of(1).padded(400);
        byte[] cookie = cookieFor(CLIENT, hello);
        lab.give(CLIENT, hello.returning(cookie).parts(150).getFirst());

        lab.skip(Lab.LIMITS.handshakeTimeout());

        assertThat(Recorder.next(lab.served.failures)).isEqualTo(DtlsFailure.TIMED_OUT);
        assertThat(lab.call(lab.server::peers)).isZero();
    }

    @Test
    void whereThereIsNoRoomTheOldestMakesRoomOnceItHasTakenLong() {
        restart(new DtlsLimits(100, 2, Duration.ofSeconds(10), Duration.ofMinutes(5)));
        halfOpen(Lab.client(1), 1);
        halfOpen(Lab.client(2), 2);

        halfOpen(Lab.client(3), 3);
        assertThat(Recorder.next(lab.served.failures)).isEqualTo(DtlsFailure.TOO_MANY_HANDSHAKES);

        lab.skip(Duration.ofSeconds(2));
        halfOpen(Lab.client(4), 4);
        assertThat(Recorder.next(lab.served.failures)).isEqualTo(DtlsFailure.DISPLACED);
        assertThat(lab.engine.handshakes()).isEqualTo(2);
    }

    @Test
    void whereThereAreAllTheSessionsThereMayBeNoHandshakeBegins() {
        restart(new DtlsLimits(1, 5, Duration.ofSeconds(10), Duration.ofMinutes(5)));
        Recorder client = new Recorder();
        lab.connect(Lab.client(1), client);
        Recorder.next(lab.served.sessions);

        halfOpen(Lab.client(2), 2);

        assertThat(Recorder.next(lab.served.failures)).isEqualTo(DtlsFailure.TOO_MANY_SESSIONS);
        assertThat(lab.engine.handshakes()).isZero();
    }

    @Test
    void aRecordOfNoSessionIsDropped() {
        lab.give(CLIENT, Hello.record(Records.APPLICATION_DATA, 7, new byte[40]));

        assertThat(Recorder.next(lab.served.drops)).isEqualTo(DtlsDrop.NO_SESSION);
    }

    @Test
    void messagesThatClaimToBeHugeAreNotWaitedFor() {
        halfOpen(CLIENT, 1);
        byte[] huge = new byte[Records.MESSAGE_HEADER_BYTES];
        huge[0] = 16; // ClientKeyExchange
        huge[1] = (byte) 0xFF; // of nearly 16 MB
        huge[5] = 2;

        lab.give(CLIENT, Hello.record(Records.HANDSHAKE, 20, huge));

        assertThat(Recorder.next(lab.served.drops)).isEqualTo(DtlsDrop.QUEUE_FULL);
    }

    @Test
    void whatAHandshakeHasNotTakenInYetIsBounded() {
        halfOpen(CLIENT, 1);
        byte[] noise = Hello.record(Records.APPLICATION_DATA, 1, new byte[1000]);

        lab.give(CLIENT, noise, 1000);

        assertThat(lab.served.drops).contains(DtlsDrop.QUEUE_FULL);
    }

    @Test
    void tenThousandHalfOpenHandshakesLeaveNothingBehind() {
        restart(new DtlsLimits(100, 1000, Duration.ofSeconds(10), Duration.ofMinutes(5)));
        for (int i = 0; i < 10_000; i++) {
            halfOpen(Lab.client(i), i);
            assertThat(lab.engine.handshakes()).isLessThanOrEqualTo(1000);
        }
        assertThat(lab.call(lab.server::peers)).isEqualTo(1000);

        lab.skip(Duration.ofSeconds(10));

        assertThat(lab.call(lab.server::peers)).isZero();
        assertThat(lab.engine.handshakes()).isZero();
        Recorder client = new Recorder();
        lab.connect(Lab.client(20_000), client);
        Recorder.next(client.sessions);
    }

    @Test
    void noSourceHasMoreHandshakesThanItMay() {
        SourceCount clients = new SourceCount(100);
        SourceCount handshakes = new SourceCount(2);
        restart(limited(clients, handshakes));
        halfOpen(Lab.client(1), 1);
        halfOpen(Lab.client(2), 2);

        halfOpen(Lab.client(3), 3);

        assertThat(Recorder.next(lab.served.failures)).isEqualTo(DtlsFailure.TOO_MANY_OF_SOURCE);
        assertThat(lab.engine.handshakes()).isEqualTo(2);
        assertThat(clients.held.get()).isEqualTo(2);
        halfOpen(Lab.client(2), 4); // which begins anew
        assertThat(Recorder.next(lab.served.failures)).isEqualTo(DtlsFailure.RESTARTED);
        assertThat(handshakes.held.get()).isEqualTo(2);
        lab.skip(Duration.ofSeconds(10));
        assertThat(clients.held.get()).isZero();
        assertThat(handshakes.held.get()).isZero();
    }

    @Test
    void noSourceHasMoreSessionsThanItMay() {
        SourceCount clients = new SourceCount(2);
        SourceCount handshakes = new SourceCount(100);
        restart(limited(clients, handshakes));
        for (int client = 1; client <= 2; client++) {
            Recorder opened = new Recorder();
            lab.connect(Lab.client(client), opened);
            Recorder.next(lab.served.sessions);
            Recorder.next(opened.sessions); // it sends nothing again that the next one would get
        }
        assertThat(handshakes.held.get()).isZero();

        halfOpen(Lab.client(3), 3);
        assertThat(Recorder.next(lab.served.failures)).isEqualTo(DtlsFailure.TOO_MANY_OF_SOURCE);
        assertThat(handshakes.held.get()).isZero();
        assertThat(lab.engine.handshakes()).isZero();

        lab.connect(Lab.client(2), new Recorder()); // in place of the session it has
        Recorder.next(lab.served.sessions);
        assertThat(clients.held.get()).isEqualTo(2);
        lab.run(lab.server::stop);
        assertThat(clients.held.get()).isZero();
        assertThat(lab.engine.sessions()).isZero();
    }

    private static DtlsLimits limited(SourceLimit clients, SourceLimit handshakes) {
        return new DtlsLimits(
                100, 100, Duration.ofSeconds(10), Duration.ofMinutes(5), clients, handshakes);
    }

    /// All addresses are one source.
    private static final class SourceCount implements SourceLimit {

        private final int limit;
        private final AtomicInteger held = new AtomicInteger();

        SourceCount(int limit) {
            this.limit = limit;
        }

        @Override
        public boolean tryAcquire(InetAddress client) {
            return held.getAndUpdate(now -> Math.min(now + 1, limit)) < limit;
        }

        @Override
        public void release(InetAddress client) {
            assertThat(held.getAndDecrement()).isPositive();
        }
    }

    private void restart(DtlsLimits limits) {
        lab.close();
        lab = new Lab(_ -> TestIdentity.ECDSA, limits);
    }

    private byte[] cookieFor(InetSocketAddress client, Hello hello) {
        lab.listen(client, answers::add);
        lab.give(client, hello.record());
        return Hello.cookieIn(answers);
    }

    /// Begins a handshake, and returns the ClientHello with its cookie.
    private byte[] halfOpen(InetSocketAddress client, int number) {
        BlockingQueue<byte[]> own = new LinkedBlockingQueue<>();
        lab.listen(client, own::add);
        lab.give(client, Hello.of(number).record());
        byte[] cookie = Hello.cookieIn(own);
        lab.listen(client, answers::add);
        byte[] hello = Hello.of(number).returning(cookie).record();
        lab.give(client, hello);
        return hello;
    }
}
