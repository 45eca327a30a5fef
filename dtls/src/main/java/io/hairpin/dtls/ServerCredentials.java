package io.hairpin.dtls;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.DefaultTlsCredentialedSigner;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsRawKeyCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsEd25519Signer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.util.List;
import java.util.Vector;

/// What a server proves in a handshake who it is by, in DTLS 1.2 and in TLS 1.2 and 1.3: what it
/// shows, and the key that signs.
public final class ServerCredentials {

    private static final int P256_BITS = 256;
    private static final int P384_BITS = 384;

    private ServerCredentials() {}

    /// Shows certificates, the server's own first.
    static TlsCredentials certificates(
            TlsContext context, JcaTlsCrypto crypto, List<X509Certificate> chain, PrivateKey key)
            throws IOException {
        TlsCertificate[] certificates = new TlsCertificate[chain.size()];
        for (int i = 0; i < certificates.length; i++) {
            certificates[i] = new JcaTlsCertificate(crypto, chain.get(i));
        }
        return signing(context, crypto, key, new Certificate(certificates));
    }

    /// Shows the public key and nothing else (RFC 7250).
    ///
    /// @param context of a handshake whose client understands that
    /// @throws IOException if the client understands no signature of that key
    public static TlsCredentials rawPublicKey(
            TlsContext context, JcaTlsCrypto crypto, PublicKey shown, PrivateKey key)
            throws IOException {
        TlsCertificate raw =
                new BcTlsRawKeyCertificate(
                        new BcTlsCrypto(crypto.getSecureRandom()), shown.getEncoded());
        byte @Nullable [] requestContext =
                TlsUtils.isTLSv13(context) ? TlsUtils.EMPTY_BYTES : null; // RFC 8446 §4.4.2
        return signing(
                context,
                crypto,
                key,
                new Certificate(
                        CertificateType.RawPublicKey,
                        requestContext,
                        new CertificateEntry[] {new CertificateEntry(raw, null)}));
    }

    private static TlsCredentials signing(
            TlsContext context, JcaTlsCrypto crypto, PrivateKey key, Certificate shown)
            throws IOException {
        TlsCryptoParameters parameters = new TlsCryptoParameters(context);
        short kind = signatureAlgorithm(key);
        Vector<?> understood = context.getSecurityParametersHandshake().getClientSigAlgs();
        SignatureAndHashAlgorithm chosen =
                TlsUtils.isTLSv13(context)
                        ? scheme(key, kind, understood)
                        : TlsUtils.chooseSignatureAndHashAlgorithm(context, understood, kind);
        if (kind == SignatureAlgorithm.ed25519) { // which the JDK names otherwise
            return new DefaultTlsCredentialedSigner(
                    parameters, new JcaTlsEd25519Signer(crypto, key), shown, chosen);
        }
        return new JcaDefaultTlsCredentialedSigner(parameters, crypto, key, shown, chosen);
    }

    private static short signatureAlgorithm(PrivateKey key) throws IOException {
        return switch (key.getAlgorithm()) {
            case "RSA" -> SignatureAlgorithm.rsa;
            case "EC", "ECDSA" -> SignatureAlgorithm.ecdsa;
            case "EdDSA", "Ed25519" -> SignatureAlgorithm.ed25519;
            default -> throw new TlsFatalAlert(AlertDescription.internal_error);
        };
    }

    /// RFC 8446 §4.2.3: what TLS 1.3 lets a key sign by.
    private static SignatureAndHashAlgorithm scheme(
            PrivateKey key, short kind, @Nullable Vector<?> understood) throws IOException {
        int[] schemes =
                switch (kind) {
                    case SignatureAlgorithm.rsa ->
                            new int[] {
                                SignatureScheme.rsa_pss_rsae_sha256,
                                SignatureScheme.rsa_pss_rsae_sha384,
                                SignatureScheme.rsa_pss_rsae_sha512
                            };
                    case SignatureAlgorithm.ecdsa -> new int[] {ofCurve(key)};
                    default -> new int[] {SignatureScheme.ed25519};
                };
        for (int scheme : schemes) {
            SignatureAndHashAlgorithm algorithm =
                    SignatureScheme.getSignatureAndHashAlgorithm(scheme);
            if (understood != null && understood.contains(algorithm)) {
                return algorithm;
            }
        }
        throw new TlsFatalAlert(AlertDescription.handshake_failure, "no signature in common");
    }

    private static int ofCurve(PrivateKey key) throws IOException {
        if (!(key instanceof ECKey ec)) {
            throw new TlsFatalAlert(AlertDescription.internal_error);
        }
        return switch (ec.getParams().getOrder().bitLength()) {
            case P256_BITS -> SignatureScheme.ecdsa_secp256r1_sha256;
            case P384_BITS -> SignatureScheme.ecdsa_secp384r1_sha384;
            default -> SignatureScheme.ecdsa_secp521r1_sha512;
        };
    }
}
