package io.hairpin.client.load;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/// The ClientHello of somebody who means not to go on with the handshake (RFC 6347 §4.2). Nothing
/// is kept of it but the random bytes, which it has again when it returns the cookie.
final class DtlsHello {

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int HELLO_VERIFY_REQUEST = 3;
    private static final int DTLS_1_2 = 0xFEFD;

    private static final int RECORD_HEADER_BYTES = 13;
    private static final int HANDSHAKE_HEADER_BYTES = 12;
    private static final int COOKIE_LENGTH_AT = RECORD_HEADER_BYTES + HANDSHAKE_HEADER_BYTES + 2;
    private static final int RANDOM_BYTES = 32;

    /// ECDHE with AES-GCM, for certificates with ECDSA and RSA keys.
    private static final short[] CIPHER_SUITES = {
        (short) 0xC02B, (short) 0xC02F, (short) 0xC02C, (short) 0xC030
    };

    /// What servers look for in a hello; each a type, a length and the content.
    private static final short[] EXTENSIONS = {
        0x000A,
        6,
        4,
        0x001D,
        0x0017, // supported_groups: x25519, secp256r1
        0x000D,
        10,
        8,
        0x0403,
        0x0804,
        0x0401,
        0x0503, // signature_algorithms
        0x0017,
        0 // extended_master_secret
    };

    private final byte[] random = new byte[RANDOM_BYTES];

    DtlsHello(RandomGenerator source) {
        source.nextBytes(random);
    }

    /// The first one, without a cookie.
    ByteBuffer first() {
        return record(0, new byte[0]);
    }

    /// The second one, with the cookie that the server sent, or null if it sent something else.
    @Nullable ByteBuffer answerTo(ByteBuffer bytes, int start, int length) {
        if (!isHelloVerifyRequest(bytes, start, length)) {
            return null;
        }
        int cookieLength = bytes.get(start + COOKIE_LENGTH_AT) & 0xFF;
        if (COOKIE_LENGTH_AT + 1 + cookieLength > length) {
            return null;
        }
        byte[] cookie = new byte[cookieLength];
        bytes.get(start + COOKIE_LENGTH_AT + 1, cookie);
        return record(1, cookie);
    }

    private static boolean isHelloVerifyRequest(ByteBuffer bytes, int start, int length) {
        return length > COOKIE_LENGTH_AT
                && bytes.get(start) == HANDSHAKE
                && bytes.get(start + RECORD_HEADER_BYTES) == HELLO_VERIFY_REQUEST;
    }

    private ByteBuffer record(int sequence, byte[] cookie) {
        int body =
                2
                        + RANDOM_BYTES
                        + 1
                        + 1
                        + cookie.length
                        + 2
                        + 2 * CIPHER_SUITES.length
                        + 2
                        + 2
                        + 2 * EXTENSIONS.length;
        ByteBuffer hello = ByteBuffer.allocate(RECORD_HEADER_BYTES + HANDSHAKE_HEADER_BYTES + body);
        hello.put((byte) HANDSHAKE).putShort((short) DTLS_1_2);
        hello.putLong(sequence).putShort((short) (HANDSHAKE_HEADER_BYTES + body));
        hello.putInt(CLIENT_HELLO << 24 | body).putShort((short) sequence);
        hello.put((byte) 0).putShort((short) 0); // the fragment begins at the beginning
        hello.put((byte) 0).putShort((short) body); // and is all of it
        hello.putShort((short) DTLS_1_2).put(random);
        hello.put((byte) 0); // no session to resume
        hello.put((byte) cookie.length).put(cookie);
        hello.putShort((short) (2 * CIPHER_SUITES.length));
        for (short suite : CIPHER_SUITES) {
            hello.putShort(suite);
        }
        hello.put((byte) 1).put((byte) 0); // no compression
        hello.putShort((short) (2 * EXTENSIONS.length));
        for (short part : EXTENSIONS) {
            hello.putShort(part);
        }
        return hello.flip();
    }
}
