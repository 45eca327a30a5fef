package io.hairpin.dtls;

import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentials;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
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
    private boolean isRaw;

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
        serverName = ClientExtensions.serverName(extensions);
        DtlsIdentity chosen = identities.identity(serverName);
        isRaw = chosen.mayBeRaw() && ClientExtensions.preferRawPublicKey(extensions);
        identity = chosen;
    }

    /// What the client asked for, or null if it asked for nothing.
    @Nullable String serverName() {
        return serverName;
    }

    /// Those that go with the certificate which the client is shown.
    @Override
    public int[] getCipherSuites() {
        return isRsa(identity()) ? WITH_RSA.clone() : WITH_ECDSA.clone();
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        DtlsIdentity shown = identity();
        return isRaw
                ? ServerCredentials.rawPublicKey(
                        context, crypto, shown.chain().getFirst().getPublicKey(), shown.key())
                : ServerCredentials.certificates(context, crypto, shown.chain(), shown.key());
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
