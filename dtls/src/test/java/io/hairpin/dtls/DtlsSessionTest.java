package io.hairpin.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hairpin.net.Datagram;
import io.hairpin.stun.TransportAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What a session does once it is established.
class DtlsSessionTest {

    private static final InetSocketAddress CLIENT = Lab.client(1);

    private final Lab lab = Lab.faithful();
    private final Recorder client = new Recorder();
    private DtlsSession ours;
    private DtlsSession theirs;

    @BeforeEach
    void connect() {
        lab.connect(CLIENT, client);
        theirs = Recorder.next(client.sessions);
        ours = Recorder.next(lab.served.sessions);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void messagesPassBothWays() {
        lab.served.echoes = true;

        assertThat(send(theirs, "hello")).isTrue();

        assertThat(Recorder.next(lab.served.messages)).isEqualTo("hello");
        assertThat(Recorder.next(client.messages)).isEqualTo("hello");
        assertThat(lab.engine.sessions()).isEqualTo(1);
        assertThat(lab.engine.opened()).isEqualTo(1);
        assertThat(lab.engine.handshakes()).isZero();
    }

    @Test
    void messagesKeepTheFieldsOfTheirHeaders() {
        for (int trafficClass : new int[] {0, 0xB8, 0x03, 0}) {
            for (int hopLimit : new int[] {0, 1, 255, 0}) {
                Datagram datagram = Recorder.datagram("marked");
                datagram.trafficClass(trafficClass);
                datagram.hopLimit(hopLimit);
                lab.run(() -> theirs.send(datagram));

                assertThat(Recorder.next(lab.served.headerFields))
                        .isEqualTo(datagram.headerFields());
            }
        }
    }

    @Test
    void headerAndPaddingAreSentWithTheMessage() {
        byte[] room = new byte[64 + 5];
        System.arraycopy("12345".getBytes(StandardCharsets.UTF_8), 0, room, 64, 5);
        lab.run(
                () -> {
                    Datagram datagram = new Datagram();
                    ByteBuffer bytes = ByteBuffer.wrap(room);
                    datagram.wrap(bytes, 64, 5);
                    bytes.put(datagram.prepend(2), (byte) 'a').put(63, (byte) 'b');
                    datagram.pad(1);
                    theirs.send(datagram);
                });

        assertThat(Recorder.next(lab.served.messages)).isEqualTo("ab12345\0");
    }

    @Test
    void aMessageIsAsLongAsARecordMayBeAndNoLonger() {
        assertThat(ours.maxMessageBytes()).isEqualTo(1 << 14);

        assertThat(send(theirs, "x".repeat(1 << 14))).isTrue();
        assertThat(send(theirs, "x".repeat((1 << 14) + 1))).isFalse();

        assertThat(Recorder.next(lab.served.messages)).hasSize(1 << 14);
        assertThat(send(theirs, "still here")).isTrue();
        assertThat(Recorder.next(lab.served.messages)).isEqualTo("still here");
    }

    @Test
    void severalRecordsMayShareADatagram() {
        List<byte[]> records = intercept(() -> List.of("one", "two", "three").forEach(this::say));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        records.forEach(all::writeBytes);

        lab.give(CLIENT, all.toByteArray());

        assertThat(List.copyOf(lab.served.messages)).containsExactly("one", "two", "three");
    }

    @Test
    void aReplayedRecordIsDropped() {
        byte[] record = intercept(() -> say("once")).getFirst();

        lab.give(CLIENT, record);
        lab.give(CLIENT, record);

        assertThat(List.copyOf(lab.served.messages)).containsExactly("once");
        assertThat(List.copyOf(lab.served.drops)).containsExactly(DtlsDrop.BAD_RECORD);
    }

    @Test
    void recordsMayOvertakeEachOther() {
        List<byte[]> records =
                new ArrayList<>(intercept(() -> List.of("1", "2", "3", "4").forEach(this::say)));
        Collections.reverse(records);

        records.forEach(record -> lab.give(CLIENT, record));

        assertThat(List.copyOf(lab.served.messages)).containsExactly("4", "3", "2", "1");
    }

    @Test
    void noForgedOrDamagedRecordEndsASession() {
        byte[] record = intercept(() -> say("genuine")).getFirst();
        for (int at = 0; at < record.length; at++) {
            byte[] damaged = record.clone();
            damaged[at] ^= 1;
            lab.give(CLIENT, damaged);
        }
        for (int type = 20; type < 64; type++) {
            for (int length : new int[] {0, 1, 7, 8, 23, 24, 25, 40}) {
                byte[] forged = Hello.record(type, 1, new byte[length]);
                lab.give(CLIENT, forged); // in epoch 0
                forged[4] = 1;
                forged[10] = 99;
                lab.give(CLIENT, forged);
            }
        }
        byte[] fatalAlert = Hello.record(Records.ALERT, 50, new byte[] {2, 40});
        lab.give(CLIENT, fatalAlert);
        fatalAlert[4] = 1;
        lab.give(CLIENT, fatalAlert);

        lab.give(CLIENT, record);

        assertThat(lab.served.messages).contains("genuine");
        assertThat(lab.served.events).isEmpty();
    }

    @Test
    void aClientThatClosesIsAnsweredAndForgotten() {
        lab.run(theirs::close);

        assertThat(Recorder.next(lab.served.events)).isEqualTo("closed");
        assertThat(Recorder.next(client.events)).isEqualTo("closed");
        assertThat(lab.engine.sessions()).isZero();
        assertThat(lab.call(lab.server::peers)).isZero();
        assertThat(send(ours, "too late")).isFalse();
    }

    @Test
    void aServerThatClosesSaysSo() {
        lab.run(ours::close);

        assertThat(Recorder.next(client.events)).isEqualTo("closed");
        assertThat(Recorder.next(lab.served.events)).isEqualTo("closed");
        assertThat(lab.engine.sessions()).isZero();
        assertThat(send(theirs, "too late")).isFalse();
    }

    @Test
    void aServerThatStopsSaysSo() {
        lab.run(lab.server::stop);

        assertThat(Recorder.next(client.events)).isEqualTo("closed");
    }

    @Test
    void aSilentSessionIsReportedAndAUsedOneIsNot() {
        lab.skip(Duration.ofMinutes(4));
        say("I am here");
        Recorder.next(lab.served.messages);
        lab.skip(Duration.ofMinutes(4));
        assertThat(lab.served.events).isEmpty();

        lab.skip(Duration.ofMinutes(2));

        assertThat(Recorder.next(lab.served.events)).isEqualTo("idle");
    }

    @Test
    void aCopyOfTheClientHelloThatComesLateBeginsNothing() {
        InetSocketAddress other = Lab.client(2);
        TransportAddress from = TransportAddress.of(other);
        List<byte[]> hellos = new ArrayList<>();
        lab.fate(
                (sender, bytes) -> {
                    if (sender.equals(from) && bytes[13] == Records.CLIENT_HELLO) {
                        hellos.add(bytes);
                    }
                    return List.of(0);
                });
        Recorder second = new Recorder();
        lab.connect(other, second);
        Recorder.next(second.sessions);
        Recorder.next(lab.served.sessions);

        lab.give(other, hellos.getLast());

        assertThat(lab.engine.handshakes()).isZero();
        assertThat(lab.engine.sessions()).isEqualTo(2);
    }

    @Test
    void aClientThatBeginsAnewKeepsItsSessionUntilItHasAnother() {
        List<byte[]> held = new ArrayList<>();
        Recorder again = new Recorder();
        byte[] old = intercept(() -> say("from before")).getFirst();
        lab.fate(holdingKeys(held));
        lab.connect(CLIENT, again);
        await().until(() -> lab.call(held::size) > 0);

        lab.give(CLIENT, old);
        assertThat(Recorder.next(lab.served.messages)).isEqualTo("from before");
        assertThat(lab.served.events).isEmpty();

        lab.fate(Lab.FAITHFUL);
        DtlsSession later = Recorder.next(again.sessions);
        assertThat(Recorder.next(lab.served.events)).isEqualTo("closed");
        assertThat(lab.engine.sessions()).isEqualTo(1);
        assertThat(send(later, "anew")).isTrue();
        assertThat(Recorder.next(lab.served.messages)).isEqualTo("anew");
        assertThat(lab.call(lab.server::peers)).isEqualTo(1);
    }

    /// Loses the client's flight with its key, and notes that it was sent.
    private static Lab.Fate holdingKeys(List<byte[]> held) {
        return (from, bytes) -> {
            boolean isHeld = from.equals(TransportAddress.of(CLIENT)) && isKey(bytes);
            if (isHeld) {
                held.add(bytes);
            }
            return isHeld ? List.of() : List.of(0);
        };
    }

    private static boolean isKey(byte[] datagram) {
        return datagram[0] == Records.HANDSHAKE && datagram[Records.HEADER_BYTES] == 16;
    }

    private void say(String text) {
        send(theirs, text);
    }

    private boolean send(DtlsSession session, String text) {
        return lab.call(() -> session.send(Recorder.datagram(text)));
    }

    /// What the client sends by an action, which does not arrive.
    private List<byte[]> intercept(Runnable action) {
        List<byte[]> sent = new ArrayList<>();
        lab.fate(
                (from, bytes) -> {
                    if (!from.equals(TransportAddress.of(CLIENT))) {
                        return List.of(0);
                    }
                    sent.add(bytes);
                    return List.of();
                });
        action.run();
        lab.fate(Lab.FAITHFUL);
        return sent;
    }
}
