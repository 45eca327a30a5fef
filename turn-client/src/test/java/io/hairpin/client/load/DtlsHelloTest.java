package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSVerifier;
import org.bouncycastle.tls.DatagramSender;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/// The hellos of somebody who does not go on, read by a library that is none of ours.
class DtlsHelloTest {

    private static final byte[] CLIENT = {1, 2, 3, 4};

    private final DtlsHello hello = new DtlsHello(new SplittableRandom(1));
    private final DTLSVerifier verifier =
            new DTLSVerifier(new JcaTlsCryptoProvider().create(new SecureRandom()));
    private final List<byte[]> sent = new ArrayList<>();

    @Test
    void theFirstIsAnsweredWithACookieAndTheSecondIsVerified() {
        assertThat(verify(hello.first())).isFalse();
        assertThat(sent).hasSize(1);
        byte[] request = sent.getFirst();

        ByteBuffer second =
                Objects.requireNonNull(hello.answerTo(ByteBuffer.wrap(request), 0, request.length));

        assertThat(verify(second)).isTrue();
    }

    @Test
    void nothingElseIsAnswered() {
        verify(hello.first());
        byte[] request = sent.getFirst();

        for (int length = 0; length < request.length; length++) {
            assertThat(hello.answerTo(ByteBuffer.wrap(request), 0, length)).isNull();
        }
        request[13] = 2; // a ServerHello
        assertThat(hello.answerTo(ByteBuffer.wrap(request), 0, request.length)).isNull();
    }

    private boolean verify(ByteBuffer bytes) {
        DatagramSender back =
                new DatagramSender() {
                    @Override
                    public int getSendLimit() {
                        return 1500;
                    }

                    @Override
                    public void send(byte[] answer, int offset, int length) {
                        sent.add(Arrays.copyOfRange(answer, offset, offset + length));
                    }
                };
        byte[] datagram = new byte[bytes.remaining()];
        bytes.get(datagram);
        DTLSRequest request = verifier.verifyRequest(CLIENT, datagram, 0, datagram.length, back);
        return request != null;
    }
}
