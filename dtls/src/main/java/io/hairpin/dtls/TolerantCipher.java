package io.hairpin.dtls;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A cipher to which every unusable record is one that was forged: Bouncy Castle ignores those, as
/// RFC 6347 §4.1.2.7 wants, while one that is merely too short would end the session, and anybody
/// can send such a thing.
final class TolerantCipher implements TlsCipher {

    @SuppressWarnings("StaticAssignmentOfThrowable") // has no stack
    private static final TlsFatalAlert FORGED = new Forged();

    private final TlsCipher cipher;
    private final int maxMessageBytes;

    /// @param maxMessageBytes the longest handshake message that is taken in
    TolerantCipher(TlsCipher cipher, int maxMessageBytes) {
        this.cipher = cipher;
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public TlsDecodeResult decodeCiphertext(
            long sequenceNumber,
            short type,
            ProtocolVersion version,
            byte[] ciphertext,
            int offset,
            int length)
            throws IOException {
        TlsDecodeResult decoded;
        try {
            decoded =
                    cipher.decodeCiphertext(
                            sequenceNumber, type, version, ciphertext, offset, length);
        } catch (IOException | RuntimeException e) {
            throw FORGED;
        }
        if (decoded.contentType == Records.HANDSHAKE && isTooLong(decoded)) {
            throw FORGED;
        }
        return decoded;
    }

    private boolean isTooLong(TlsDecodeResult message) {
        return !Records.messagesAreAtMost(
                maxMessageBytes,
                ByteBuffer.wrap(message.buf),
                message.off,
                message.off + message.len);
    }

    @Override
    public TlsEncodeResult encodePlaintext(
            long sequenceNumber,
            short type,
            ProtocolVersion version,
            int headerBytes,
            byte[] plaintext,
            int offset,
            int length)
            throws IOException {
        return cipher.encodePlaintext(
                sequenceNumber, type, version, headerBytes, plaintext, offset, length);
    }

    @Override
    public int getCiphertextDecodeLimit(int plaintextLimit) {
        return cipher.getCiphertextDecodeLimit(plaintextLimit);
    }

    @Override
    public int getCiphertextEncodeLimit(int plaintextLimit) {
        return cipher.getCiphertextEncodeLimit(plaintextLimit);
    }

    @Override
    public int getPlaintextDecodeLimit(int ciphertextLimit) {
        return cipher.getPlaintextDecodeLimit(ciphertextLimit);
    }

    @Override
    public int getPlaintextEncodeLimit(int ciphertextLimit) {
        return cipher.getPlaintextEncodeLimit(ciphertextLimit);
    }

    @Override
    public void rekeyDecoder() throws IOException {
        cipher.rekeyDecoder();
    }

    @Override
    public void rekeyEncoder() throws IOException {
        cipher.rekeyEncoder();
    }

    @Override
    public boolean usesOpaqueRecordTypeDecode() {
        return cipher.usesOpaqueRecordTypeDecode();
    }

    @Override
    public boolean usesOpaqueRecordTypeEncode() {
        return cipher.usesOpaqueRecordTypeEncode();
    }

    /// Has no stack, since it is made once and thrown whenever somebody pleases.
    @SuppressWarnings("serial") // never serialized
    private static final class Forged extends TlsFatalAlert {

        Forged() {
            super(AlertDescription.bad_record_mac);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
