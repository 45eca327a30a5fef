package io.hairpin.dtls;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsCredentialedSigner;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsEd25519Signer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;

/// What a server agrees to in one handshake: DTLS 1.2, forward secrecy and authenticated
/// encryption, no renegotiation, no resumption.
final class ServerRole extends DefaultTlsServer {

    /// Cheapest first; which one of them it is does not matter to anybody's safety.
    private static final int[] WITH_ECDSA = {
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    };

    private static final int[] WITH_RSA = {
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    };

    private static final int[] GROUPS = {
        NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1,
    };

    private final DtlsCrypto crypto;
    private final DtlsIdentities identities;
    private final int resendMillis;
    private @Nullable DtlsIdentity identity;
    private @Nullable String serverName;

    ServerRole(DtlsCrypto crypto, DtlsIdentities identities, int resendMillis) {
        super(crypto);
        this.crypto = crypto;
        this.identities = identities;
        this.resendMillis = resendMillis;
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return resendMillis;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    public int[] getSupportedGroups() {
        return GROUPS.clone();
    }

    @Override
    protected boolean preferLocalCipherSuites() {
        return true;
    }

    /// RFC 7443 §3.
    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        return new Vector<>(List.of(ProtocolName.STUN_TURN, ProtocolName.STUN_NAT_DISCOVERY));
    }

    @Override
    protected boolean allowCertificateStatus() {
        return false;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Bouncy Castle declares it
    public void processClientExtensions(Hashtable extensions) throws IOException {
        super.processClientExtensions(extensions);
        serverName = serverName(extensions);
        identity = identities.identity(serverName);
    }

    /// What the client asked for, or null if it asked for nothing.
    @Nullable String serverName() {
        return serverName;
    }

    private static @Nullable String serverName(@Nullable Hashtable<?, ?> extensions)
            throws IOException {
        Vector<?> names =
                extensions == null
                        ? null
                        : TlsExtensionsUtils.getServerNameExtensionClient(extensions);
        if (names == null) {
            return null;
        }
        for (Object each : names) {
            ServerName name = (ServerName) each;
            if (name.getNameType() == NameType.host_name) {
                return new String(name.getNameData(), StandardCharsets.US_ASCII);
            }
        }
        return null;
    }

    /// Those that go with the certificate which the client is shown.
    @Override
    public int[] getCipherSuites() {
        return isRsa(identity()) ? WITH_RSA.clone() : WITH_ECDSA.clone();
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        DtlsIdentity shown = identity();
        List<X509Certificate> chain = shown.chain();
        TlsCertificate[] certificates = new TlsCertificate[chain.size()];
        for (int i = 0; i < certificates.length; i++) {
            certificates[i] = new JcaTlsCertificate(crypto, chain.get(i));
        }
        TlsCryptoParameters parameters = new TlsCryptoParameters(context);
        Certificate certificate = new Certificate(certificates);
        short algorithm = signatureAlgorithm(shown);
        SignatureAndHashAlgorithm chosen =
                TlsUtils.chooseSignatureAndHashAlgorithm(
                        context,
                        context.getSecurityParametersHandshake().getClientSigAlgs(),
                        algorithm);
        if (algorithm == SignatureAlgorithm.ed25519) { // which the JDK names otherwise
            return new DefaultTlsCredentialedSigner(
                    parameters, new JcaTlsEd25519Signer(crypto, shown.key()), certificate, chosen);
        }
        return new JcaDefaultTlsCredentialedSigner(
                parameters, crypto, shown.key(), certificate, chosen);
    }

    private static short signatureAlgorithm(DtlsIdentity identity) throws IOException {
        return switch (identity.key().getAlgorithm()) {
            case "RSA" -> SignatureAlgorithm.rsa;
            case "EC", "ECDSA" -> SignatureAlgorithm.ecdsa;
            case "EdDSA", "Ed25519" -> SignatureAlgorithm.ed25519;
            default -> throw new TlsFatalAlert(AlertDescription.internal_error);
        };
    }

    private static boolean isRsa(DtlsIdentity identity) {
        return identity.key().getAlgorithm().equals("RSA");
    }

    /// A client without extensions asks for no name.
    private DtlsIdentity identity() {
        if (identity == null) {
            identity = identities.identity(null);
        }
        return identity;
    }
}
