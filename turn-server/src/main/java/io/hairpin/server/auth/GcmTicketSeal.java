package io.hairpin.server.auth;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.OptionalLong;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals tickets with AES-256 in GCM under a key that lives as long as the server runs.
///
/// A ticket is 32 bytes, none of them zero: coturn's client has room for no more, and keeps them as
/// a C string. Thread-safe.
///
/// ```
/// | nonce, 12 random bytes | the number, encrypted, 8 bytes | tag, 12 bytes |
/// ```
public final class GcmTicketSeal implements TicketSeal {

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 12;
    private static final int TICKET_BYTES = NONCE_BYTES + Long.BYTES + TAG_BYTES;

    private final SecretKey key;
    private final SecureRandom random;

    /// Draws a key.
    public GcmTicketSeal(SecureRandom random) {
        this.random = random;
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        key = new SecretKeySpec(bytes, "AES");
    }

    @Override
    public byte[] seal(long number) {
        byte[] ticket = draw(number);
        while (hasZero(ticket)) { // one in nine does
            ticket = draw(number);
        }
        return ticket;
    }

    private byte[] draw(long number) {
        byte[] ticket = new byte[TICKET_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        System.arraycopy(nonce, 0, ticket, 0, NONCE_BYTES);
        byte[] plain = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        try {
            cipher(Cipher.ENCRYPT_MODE, ticket)
                    .doFinal(plain, 0, plain.length, ticket, NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK must have " + TRANSFORMATION, e);
        }
        return ticket;
    }

    @Override
    public OptionalLong open(byte[] ticket) {
        if (ticket.length != TICKET_BYTES) {
            return OptionalLong.empty();
        }
        try {
            byte[] plain =
                    cipher(Cipher.DECRYPT_MODE, ticket)
                            .doFinal(ticket, NONCE_BYTES, TICKET_BYTES - NONCE_BYTES);
            return OptionalLong.of(ByteBuffer.wrap(plain).getLong());
        } catch (AEADBadTagException forged) {
            return OptionalLong.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK must have " + TRANSFORMATION, e);
        }
    }

    private Cipher cipher(int mode, byte[] ticket) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, ticket, 0, NONCE_BYTES));
        return cipher;
    }

    private static boolean hasZero(byte[] bytes) {
        for (byte each : bytes) {
            if (each == 0) {
                return true;
            }
        }
        return false;
    }
}
