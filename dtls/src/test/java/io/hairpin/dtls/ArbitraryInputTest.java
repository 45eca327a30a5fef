package io.hairpin.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Nothing that arrives makes a server throw, or keep more than it may.
class ArbitraryInputTest {

    private static final InetSocketAddress ESTABLISHED = Lab.client(1);
    private static final InetSocketAddress STRANGER = Lab.client(2);

    private static final Lab LAB = Lab.faithful();
    private static final DtlsSession SESSION = connect();

    private static DtlsSession connect() {
        Recorder client = new Recorder();
        LAB.connect(ESTABLISHED, client);
        Recorder.next(LAB.served.sessions);
        return Recorder.next(client.sessions);
    }

    @AfterContainer
    static void stop() {
        LAB.call(() -> SESSION.send(Recorder.datagram("still here")));
        assertThat(Recorder.next(LAB.served.messages)).isEqualTo("still here");
        LAB.close();
    }

    @Property
    void anyBytesAreTakenInFromAnybody(@ForAll byte[] bytes, @ForAll boolean isEstablished) {
        LAB.give(isEstablished ? ESTABLISHED : STRANGER, bytes);

        assertThat(LAB.engine.sessions()).isEqualTo(1);
    }

    @Property
    void anyRecordsAreTakenInFromAnybody(
            @ForAll @Size(max = 4) List<@Size(max = 60) byte[]> fragments,
            @ForAll byte type,
            @ForAll short number,
            @ForAll boolean isEstablished) {
        ByteArrayOutputStream datagram = new ByteArrayOutputStream();
        fragments.forEach(
                fragment -> datagram.writeBytes(Hello.record(20 + (type & 3), number, fragment)));
        byte[] inEpoch1 = datagram.toByteArray();
        if (inEpoch1.length > 0) {
            inEpoch1[4] = (byte) (number & 1);
        }

        LAB.give(isEstablished ? ESTABLISHED : STRANGER, inEpoch1);

        assertThat(LAB.engine.sessions()).isEqualTo(1);
    }

    @Property(tries = 300)
    void aMangledHelloWithAGoodCookieEndsInAHandshakeThatIsBounded(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        InetSocketAddress client = Lab.client(3 + random.nextInt(1000));
        BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
        LAB.listen(client, answers::add);
        Hello hello = Hello.of(random.nextInt(1 << 16)).padded(random.nextInt(1, 200));
        LAB.give(client, hello.record());
        byte[] cookie = Hello.cookieIn(answers);
        int prefix = 13 + 12 + 2 + 32 + 1 + 1 + cookie.length;

        for (byte[] part : hello.returning(cookie).parts(random.nextInt(90, 300))) {
            int flips = random.nextInt(4);
            for (int i = 0; i < flips && part.length > prefix; i++) {
                part[random.nextInt(prefix, part.length)] ^= (byte) random.nextInt(256);
            }
            LAB.give(client, part);
        }

        assertThat(LAB.engine.handshakes()).isLessThanOrEqualTo(Lab.LIMITS.handshakes());
    }
}
