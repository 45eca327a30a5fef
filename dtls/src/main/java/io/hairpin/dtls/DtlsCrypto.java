package io.hairpin.dtls;

import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Security;

/// The JDK's cryptography for Bouncy Castle's DTLS. Where the JDK lacks what Bouncy Castle wants,
/// such as its form of ChaCha20, Bouncy Castle's own is found behind it. Thread-safe.
final class DtlsCrypto extends JcaTlsCrypto {

    private static final String AES_GCM = "AES/GCM/NoPadding";

    /// The longest handshake message that is taken in.
    private final int maxMessageBytes;

    DtlsCrypto(SecureRandom random, int maxMessageBytes) {
        super(new DefaultJcaJceHelper(), random, random);
        this.maxMessageBytes = maxMessageBytes;
    }

    static {
        if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
            Security.addProvider(new BouncyCastleProvider());
        }
    }

    @Override
    public TlsCipher createCipher(
            TlsCryptoParameters parameters, int encryptionAlgorithm, int macAlgorithm)
            throws IOException {
        return new TolerantCipher(
                super.createCipher(parameters, encryptionAlgorithm, macAlgorithm), maxMessageBytes);
    }

    @Override
    protected TlsAEADCipherImpl createAEADCipher(
            String cipherName, String algorithm, int keySize, boolean isEncrypting)
            throws GeneralSecurityException {
        return cipherName.equals(AES_GCM)
                ? new GcmCipher(getHelper().createCipher(cipherName), isEncrypting)
                : super.createAEADCipher(cipherName, algorithm, keySize, isEncrypting);
    }
}
