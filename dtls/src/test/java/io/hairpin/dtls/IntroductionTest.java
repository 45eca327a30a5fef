package io.hairpin.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/// Whose a session is where a proxy stands between client and server.
class IntroductionTest {

    private static final InetSocketAddress PROXY = Lab.client(1);
    private static final InetSocketAddress ALICE = new InetSocketAddress("203.0.113.1", 4000);
    private static final InetSocketAddress BOB = new InetSocketAddress("203.0.113.2", 5000);

    /// The ClientHello, and the same with the cookie.
    private static final int HELLOES = 2;

    private final Lab lab = Lab.faithful();

    @AfterEach
    void close() {
        lab.close();
    }

    /// What a client says first may be taken in before the end of its handshake has been handled,
    /// and waits for that: then no datagram is there any more that says whom it is from.
    @Test
    void aSessionIsOfWhomItsHandshakeBeganFor() {
        AtomicInteger datagrams = new AtomicInteger();
        lab.introduce(() -> datagrams.incrementAndGet() <= HELLOES ? () -> ALICE : null);

        assertThat(connect().client()).isEqualTo(ALICE);
        assertThat(datagrams).hasValueGreaterThan(HELLOES);
    }

    @Test
    void whoeverIsIntroducedLaterIsNobodyToIt() {
        AtomicInteger datagrams = new AtomicInteger();
        lab.introduce(() -> datagrams.incrementAndGet() <= HELLOES ? () -> ALICE : () -> BOB);

        DtlsSession session = connect();

        assertThat(session.client()).isEqualTo(ALICE);
        assertThat(session.remote().socketAddress()).isEqualTo(PROXY);
    }

    @Test
    void whoIsNotIntroducedIsKnownByItsAddress() {
        assertThat(connect().client()).isEqualTo(PROXY);
    }

    /// Returns the server's side of a session that its client has said something by.
    private DtlsSession connect() {
        Recorder client = new Recorder();
        lab.connect(PROXY, client);
        DtlsSession theirs = Recorder.next(client.sessions);
        assertThat(lab.call(() -> theirs.send(Recorder.datagram("hello")))).isTrue();
        DtlsSession ours = Recorder.next(lab.served.sessions);
        assertThat(Recorder.next(lab.served.messages)).isEqualTo("hello");
        return ours;
    }
}
