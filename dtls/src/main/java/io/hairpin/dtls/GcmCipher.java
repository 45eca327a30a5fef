package io.hairpin.dtls;

import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;

import java.security.GeneralSecurityException;

import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-GCM by the JDK. Bouncy Castle's own way to it looks up an object for parameters among all
/// providers for each record.
final class GcmCipher implements TlsAEADCipherImpl {

    private final Cipher cipher;
    private final int mode;
    private SecretKey key = new SecretKeySpec(new byte[16], "AES");

    GcmCipher(Cipher cipher, boolean isEncrypting) {
        this.cipher = cipher;
        mode = isEncrypting ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE;
    }

    @Override
    public void setKey(byte[] bytes, int offset, int length) {
        key = new SecretKeySpec(bytes, offset, length, "AES");
    }

    @Override
    public void init(byte[] nonce, int macBytes) {
        try {
            cipher.init(mode, key, new GCMParameterSpec(macBytes * Byte.SIZE, nonce));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("unusable nonce or key", e);
        }
    }

    @Override
    public int getOutputSize(int inputBytes) {
        return cipher.getOutputSize(inputBytes);
    }

    @Override
    public int doFinal(
            byte[] additionalData,
            byte[] input,
            int inputOffset,
            int inputLength,
            byte[] output,
            int outputOffset) {
        try {
            cipher.updateAAD(additionalData);
            return cipher.doFinal(input, inputOffset, inputLength, output, outputOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("not authentic", e);
        }
    }
}
