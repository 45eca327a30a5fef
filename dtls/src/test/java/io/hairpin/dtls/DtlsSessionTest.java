package io.hairpin.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DtlsSessionTest {

    private final Lab lab = Lab.faithful();
    private final Recorder client = new Recorder();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void messagesPassBothWays() {
        lab.served.echoes = true;
        lab.connect(Lab.client(1), client);
        DtlsSession session = Recorder.next(client.sessions);

        assertThat(lab.call(() -> session.send(Recorder.datagram("hello")))).isTrue();

        assertThat(Recorder.next(lab.served.messages)).isEqualTo("hello");
        assertThat(Recorder.next(client.messages)).isEqualTo("hello");
        assertThat(lab.engine.sessions()).isEqualTo(1);
        assertThat(lab.engine.handshakes()).isZero();
    }
}
