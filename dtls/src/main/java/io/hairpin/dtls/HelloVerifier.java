package io.hairpin.dtls;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// Answers clients of whom nothing is kept, with less than they sent. Not thread-safe.
final class HelloVerifier {

    private static final int FATAL = 2;
    private static final int PROTOCOL_VERSION = 70;
    private static final int MAX_ANSWER_BYTES = 64;

    private final Cookies cookies;
    private final ByteBuffer answer = ByteBuffer.allocate(MAX_ANSWER_BYTES);
    private final Datagram outgoing = new Datagram();

    HelloVerifier(Cookies cookies) {
        this.cookies = cookies;
    }

    /// Returns the cookie that came with a ClientHello if it is a good one, or else sends one and
    /// returns null (RFC 6347 §4.2.1).
    byte @Nullable [] verify(
            HelloFragment hello, DatagramEndpoint on, Datagram arrived, long nowNanos) {
        byte[] returned = cookies.returned(hello, arrived, nowNanos);
        if (returned == null) {
            byte[] cookie = cookies.cookie(hello, arrived, nowNanos);
            int length = 2 + 1 + cookie.length;
            header(Records.HANDSHAKE, hello, Records.MESSAGE_HEADER_BYTES + length);
            answer.putInt(Records.HELLO_VERIFY_REQUEST << 24 | length);
            answer.putShort((short) 0); // the number of the message
            answer.putInt(0).putShort((short) length); // offset and length: it is in one part
            answer.putShort((short) Records.DTLS_1_0).put((byte) cookie.length).put(cookie);
            send(on, arrived);
        }
        return returned;
    }

    /// Tells a client that only speaks an older version that nobody does here. It has to have
    /// returned a cookie: else anybody could have this sent to a client whose handshake, with
    /// another version, is under way, and would end from it.
    void refuseVersion(HelloFragment hello, DatagramEndpoint on, Datagram arrived) {
        header(Records.ALERT, hello, 2);
        answer.put((byte) FATAL).put((byte) PROTOCOL_VERSION);
        send(on, arrived);
    }

    /// The number of the record answered stands in for one of ours (RFC 6347 §4.2.1).
    private void header(int type, HelloFragment hello, int length) {
        answer.clear().put((byte) type).putShort((short) Records.DTLS_1_0);
        answer.putLong(hello.sequenceNumber()).putShort((short) length);
    }

    private void send(DatagramEndpoint on, Datagram arrived) {
        outgoing.wrap(answer.flip());
        outgoing.local(arrived.localHigh(), arrived.localLow());
        on.send(outgoing, arrived.sourceHigh(), arrived.sourceLow(), arrived.sourcePort());
    }
}
