package io.hairpin.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/// No bytes make a server throw, answer with more than it was sent, or keep what it should not,
/// while there is no session.
///
/// The bytes are several datagrams, each after two bytes with its length.
class DtlsServerFuzzTest {

    private static final int MAX_DATAGRAMS = 16;

    private static final InetSocketAddress STRANGER = Lab.client(1);
    private static final InetSocketAddress BEGINNER = Lab.client(2);

    private static final Lab LAB = Lab.faithful();

    static Stream<byte[]> datagrams() {
        Hello hello = Hello.of(1);
        byte[] alert = Hello.record(Records.ALERT, 1, new byte[] {2, 40});
        byte[] inEpoch1 = Hello.record(23, 1, new byte[40]);
        inEpoch1[4] = 1;
        return Stream.of(
                script(hello.record()),
                script(hello.padded(400).parts(150).toArray(byte[][]::new)),
                script(hello.returning(new byte[Cookies.BYTES]).record()),
                script(hello.version(Records.DTLS_1_0).record()),
                script(hello.parts(34).toArray(byte[][]::new)),
                script(hello.padded(9000).parts(500).getFirst()),
                script(alert, inEpoch1, hello.record(), alert),
                script(new byte[0], new byte[13], new byte[] {22, (byte) 0xFE, (byte) 0xFD}));
    }

    /// Nobody can guess a cookie.
    @MethodSource("datagrams")
    @FuzzTest
    void withoutACookieNothingIsKeptAndAnswersAreShorterThanWhatTheyAnswer(byte[] script) {
        List<Integer> answers = new ArrayList<>();
        LAB.listen(STRANGER, answer -> answers.add(answer.length));
        int given = 0;

        for (byte[] datagram : datagrams(script)) {
            LAB.give(STRANGER, datagram);
            given += datagram.length;
        }
        LAB.run(() -> {}); // the answers are on their way

        assertThat(answers.stream().mapToInt(Integer::intValue).sum()).isLessThanOrEqualTo(given);
        assertThat(LAB.call(LAB.server::peers)).isLessThanOrEqualTo(1); // the beginner
        assertThat(LAB.engine.sessions()).isZero();
        LAB.served.drops.clear();
    }

    static Stream<byte[]> flights() {
        byte[] keyExchange =
                Hello.record(
                        Records.HANDSHAKE,
                        2,
                        HexFormat.of()
                                .parseHex("10000021000200000000002120" + "09" + "00".repeat(31)));
        byte[] changeCipherSpec = Hello.record(20, 3, new byte[] {1});
        byte[] finished = Hello.record(Records.HANDSHAKE, 0, new byte[40]);
        finished[4] = 1;
        byte[] alert = Hello.record(Records.ALERT, 4, new byte[] {2, 40});
        return Stream.of(
                script(),
                script(keyExchange),
                script(keyExchange, changeCipherSpec, finished),
                script(finished, changeCipherSpec, keyExchange),
                script(alert),
                script(Hello.record(Records.HANDSHAKE, 2, new byte[12])));
    }

    /// A client that has its cookie, and goes on with those datagrams instead of its handshake.
    @MethodSource("flights")
    @FuzzTest
    void afterTheCookieThereIsOneHandshakeAndNoSession(byte[] script) {
        BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
        LAB.listen(BEGINNER, answers::add);
        Hello hello = Hello.of(Arrays.hashCode(script));
        LAB.give(BEGINNER, hello.record());
        byte[] cookie = Hello.cookieIn(answers);
        LAB.listen(BEGINNER, _ -> {});
        LAB.give(BEGINNER, hello.returning(cookie).record());

        for (byte[] datagram : datagrams(script)) {
            LAB.give(BEGINNER, datagram);
        }

        assertThat(LAB.engine.handshakes()).isLessThanOrEqualTo(1);
        assertThat(LAB.call(LAB.server::peers)).isLessThanOrEqualTo(1);
        assertThat(LAB.engine.sessions()).isZero();
        LAB.served.failures.clear();
        LAB.served.drops.clear();
    }

    @AfterAll
    static void stop() {
        LAB.close();
    }

    private static byte[] script(byte[]... datagrams) {
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        for (byte[] datagram : datagrams) {
            script.writeBytes(
                    ByteBuffer.allocate(Short.BYTES).putShort((short) datagram.length).array());
            script.writeBytes(datagram);
        }
        return script.toByteArray();
    }

    private static List<byte[]> datagrams(byte[] script) {
        ByteBuffer bytes = ByteBuffer.wrap(script);
        List<byte[]> datagrams = new ArrayList<>();
        while (bytes.remaining() >= Short.BYTES && datagrams.size() < MAX_DATAGRAMS) {
            int length = Math.min(bytes.getShort() & 0xFFFF, bytes.remaining());
            byte[] datagram = new byte[length];
            bytes.get(datagram);
            datagrams.add(datagram);
        }
        return datagrams;
    }
}
