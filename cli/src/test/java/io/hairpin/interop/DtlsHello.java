package io.hairpin.interop;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/// The beginning of a DTLS handshake, from a port of its own, that goes no further than a test
/// wants (RFC 6347 §4.2).
final class DtlsHello implements Closeable {

    private static final int TIMEOUT_MILLIS = 10_000;

    /// How long to listen for what must not come.
    private static final int SILENCE_MILLIS = 300;

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int HELLO_VERIFY_REQUEST = 3;
    private static final short DTLS_1_2 = (short) 0xFEFD;
    private static final int RECORD_HEADER_BYTES = 13;
    private static final int HANDSHAKE_HEADER_BYTES = 12;
    private static final int COOKIE_LENGTH_AT = RECORD_HEADER_BYTES + HANDSHAKE_HEADER_BYTES + 2;

    /// ECDHE-ECDSA-AES128-GCM-SHA256 without compression; secp256r1, ecdsa_secp256r1_sha256.
    private static final byte[] OFFER =
            HexFormat.of()
                    .parseHex(
                            "0002c02b" + "0100" + "0010" + "000a000400020017" + "000d000400020403");

    private final DatagramSocket socket;
    private final byte[] random = new byte[32];

    private DtlsHello(DatagramSocket socket) {
        this.socket = socket;
        Arrays.fill(random, (byte) socket.getLocalPort());
    }

    static DtlsHello to(InetAddress address, int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(0, address);
        socket.connect(new InetSocketAddress(address, port));
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return new DtlsHello(socket);
    }

    /// Begins, and returns the answer.
    byte[] sendWithoutCookie() throws IOException {
        send(0, new byte[0]);
        return receive();
    }

    /// Begins again with a cookie, and returns the first datagram of the answer.
    byte[] sendWith(byte[] cookie) throws IOException {
        send(1, cookie);
        return receive();
    }

    /// Begins again with a cookie, and does not wait.
    void send(int sequence, byte[] cookie) throws IOException {
        byte[] hello = encoded(sequence, cookie);
        socket.send(new DatagramPacket(hello, hello.length));
    }

    boolean hearsNothingMore() throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        try {
            receive();
            return false;
        } catch (SocketTimeoutException silence) {
            return true;
        }
    }

    /// Bytes of the hello that has no cookie.
    int length() {
        return encoded(0, new byte[0]).length;
    }

    static boolean isHelloVerifyRequest(byte[] datagram) {
        return datagram.length > COOKIE_LENGTH_AT
                && datagram[0] == HANDSHAKE
                && datagram[RECORD_HEADER_BYTES] == HELLO_VERIFY_REQUEST;
    }

    static byte[] cookie(byte[] helloVerifyRequest) {
        int from = COOKIE_LENGTH_AT + 1;
        int length = helloVerifyRequest[COOKIE_LENGTH_AT] & 0xFF;
        return Arrays.copyOfRange(helloVerifyRequest, from, from + length);
    }

    private byte[] receive() throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[2048], 2048);
        socket.receive(datagram);
        return Arrays.copyOf(datagram.getData(), datagram.getLength());
    }

    private byte[] encoded(int sequence, byte[] cookie) {
        int body = 2 + random.length + 1 + 1 + cookie.length + OFFER.length;
        int message = HANDSHAKE_HEADER_BYTES + body;
        ByteBuffer hello = ByteBuffer.allocate(RECORD_HEADER_BYTES + message);
        hello.put((byte) HANDSHAKE).putShort(DTLS_1_2);
        hello.putLong(sequence).putShort((short) message);
        hello.putInt(CLIENT_HELLO << 24 | body).putShort((short) sequence);
        hello.put((byte) 0).putShort((short) 0); // one fragment, from the beginning
        hello.put((byte) 0).putShort((short) body); // to the end
        hello.putShort(DTLS_1_2).put(random);
        hello.put((byte) 0); // no session to resume
        hello.put((byte) cookie.length).put(cookie);
        return hello.put(OFFER).array();
    }

    @Override
    public void close() {
        socket.close();
    }
}
