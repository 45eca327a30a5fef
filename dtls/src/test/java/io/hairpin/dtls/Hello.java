package io.hairpin.dtls;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/// A ClientHello, byte by byte, for tests that misuse it.
@SuppressWarnings("ArrayRecordComponent") // never compared
record Hello(int version, byte[] random, byte[] cookie, int messageNumber, int padding) {

    /// Offers ECDHE-ECDSA with AES-128-GCM on P-256, and has extended master secret and
    /// renegotiation indication.
    private static final byte[] EXTENSIONS =
            HexFormat.of()
                    .parseHex(
                            "000a00040002001d" // groups: x25519
                                    + "000d000400020403" // signatures: ECDSA with SHA-256
                                    + "00170000" // extended master secret
                                    + "ff01000100"); // renegotiation indication

    private static final byte[] SUITES = {(byte) 0xC0, 0x2B};

    static Hello of(int number) {
        byte[] random = new byte[32];
        random[0] = (byte) (number >> 8);
        random[1] = (byte) number;
        return new Hello(Records.DTLS_1_2, random, new byte[0], 0, 0);
    }

    Hello version(int version) {
        return new Hello(version, random, cookie, messageNumber, padding);
    }

    /// As it is sent with what the server wants to see again.
    Hello returning(byte[] cookie) {
        return new Hello(version, random, cookie, 1, padding);
    }

    /// With an extension of that length that says nothing (RFC 7685).
    Hello padded(int padding) {
        return new Hello(version, random, cookie, messageNumber, padding);
    }

    byte[] body() {
        return bytes(
                out -> {
                    out.writeShort(version);
                    out.write(random);
                    out.writeByte(0); // session id
                    out.writeByte(cookie.length);
                    out.write(cookie);
                    out.writeShort(SUITES.length);
                    out.write(SUITES);
                    out.writeShort(0x0100); // compression: none
                    int paddingBytes = padding > 0 ? 4 + padding : 0;
                    out.writeShort(EXTENSIONS.length + paddingBytes);
                    out.write(EXTENSIONS);
                    if (padding > 0) {
                        out.writeShort(21);
                        out.writeShort(padding);
                        out.write(new byte[padding]);
                    }
                });
    }

    /// In one record.
    byte[] record() {
        return parts(Integer.MAX_VALUE).getFirst();
    }

    /// In records with at most so many bytes of the message in each.
    List<byte[]> parts(int maxBytes) {
        byte[] body = body();
        List<byte[]> parts = new ArrayList<>();
        for (int from = 0; from < body.length; from += Math.min(maxBytes, body.length - from)) {
            parts.add(part(body, from, Math.min(maxBytes, body.length - from), parts.size()));
        }
        return parts;
    }

    private byte[] part(byte[] body, int from, int length, int number) {
        return record(
                Records.HANDSHAKE,
                messageNumber * 10 + number,
                bytes(
                        out -> {
                            out.writeInt(Records.CLIENT_HELLO << 24 | body.length);
                            out.writeShort(messageNumber);
                            out.writeByte(0);
                            out.writeShort(from);
                            out.writeByte(0);
                            out.writeShort(length);
                            out.write(body, from, length);
                        }));
    }

    static byte[] record(int type, int number, byte[] fragment) {
        return bytes(
                out -> {
                    out.writeByte(type);
                    out.writeShort(Records.DTLS_1_2);
                    out.writeLong(number); // in epoch 0
                    out.writeShort(fragment.length);
                    out.write(fragment);
                });
    }

    /// The cookie in the next HelloVerifyRequest; there may be answers to others before it.
    static byte[] cookieIn(BlockingQueue<byte[]> answers) {
        byte[] request = Recorder.next(answers);
        while (request[0] != Records.HANDSHAKE
                || request[Records.HEADER_BYTES] != Records.HELLO_VERIFY_REQUEST) {
            request = Recorder.next(answers);
        }
        int at = Records.HEADER_BYTES + Records.MESSAGE_HEADER_BYTES + 2;
        byte[] cookie = new byte[request[at]];
        System.arraycopy(request, at + 1, cookie, 0, cookie.length);
        return cookie;
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
