package io.hairpin.server.auth;

import java.security.GeneralSecurityException;
import java.util.Optional;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES in Galois/Counter Mode as RFC 5116 §5 has it, callable from any thread without a lock: each
/// thread keeps a cipher and keys it anew, as in [Hmac].
final class AesGcm {
    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;

    private static final ThreadLocal<Cipher> OF_THREAD = ThreadLocal.withInitial(AesGcm::create);

    private AesGcm() {}

    static SecretKeySpec key(byte[] bytes) {
        return new SecretKeySpec(bytes, "AES");
    }

    /// Decrypts `sealed` from `offset` to its end; empty if that, or what is sealed with it, is not
    /// authentic.
    ///
    /// @param nonce of [#NONCE_BYTES]
    static Optional<byte[]> open(
            SecretKeySpec key, byte[] nonce, byte[] associated, byte[] sealed, int offset) {
        Cipher cipher = OF_THREAD.get();
        try {
            cipher.init(
                    Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
            cipher.updateAAD(associated);
            return Optional.of(cipher.doFinal(sealed, offset, sealed.length - offset));
        } catch (AEADBadTagException _) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM takes any key of its lengths", e);
        }
    }

    private static Cipher create() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }
}
