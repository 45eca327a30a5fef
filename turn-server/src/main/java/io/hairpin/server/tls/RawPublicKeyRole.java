package io.hairpin.server.tls;

import io.hairpin.dtls.ClientExtensions;
import io.hairpin.dtls.ServerCredentials;

import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.KeyExchangeAlgorithm;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Vector;

/// What a server agrees to with one client that asks for a raw public key: what [TlsContexts] has
/// for everybody else, less resumption.
final class RawPublicKeyRole extends DefaultTlsServer {

    /// Those that BoringSSL offers, but for its hybrid ones.
    private static final int[] GROUPS = {
        NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1,
    };

    /// The most that a message of a handshake may have; the longest is a ClientHello.
    private static final int MAX_MESSAGE_BYTES = CertificateTypeHandler.MAX_CLIENT_HELLO_BYTES;

    private final JcaTlsCrypto crypto;
    private final Identities identities;
    private final ProtocolVersion[] versions;
    private final int[] suites;
    private @Nullable Identity identity;
    private @Nullable String serverName;
    private boolean isComplete;

    /// @param versions the latest first
    /// @param suites of all these versions, the best first
    RawPublicKeyRole(
            JcaTlsCrypto crypto, Identities identities, ProtocolVersion[] versions, int[] suites) {
        super(crypto);
        this.crypto = crypto;
        this.identities = identities;
        this.versions = versions.clone();
        this.suites = suites.clone();
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return versions.clone();
    }

    @Override
    public int[] getSupportedGroups() {
        return GROUPS.clone();
    }

    @Override
    public int getMaxHandshakeMessageSize() {
        return MAX_MESSAGE_BYTES;
    }

    @Override
    protected boolean preferLocalCipherSuites() {
        return true;
    }

    @Override
    protected boolean allowCertificateStatus() {
        return false;
    }

    /// The client's first choice that is one of ours; Bouncy Castle would take any.
    @Override
    protected int selectECDH(int minimumCurveBits) {
        int[] offered = context.getSecurityParametersHandshake().getClientSupportedGroups();
        if (offered == null) {
            return selectECDHDefault(minimumCurveBits);
        }
        return Arrays.stream(offered)
                .filter(each -> Arrays.stream(GROUPS).anyMatch(group -> group == each))
                .filter(each -> NamedGroup.getCurveBits(each) >= minimumCurveBits)
                .findFirst()
                .orElse(-1);
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        return new Vector<>(
                TlsContexts.APPLICATION_PROTOCOLS.stream()
                        .map(ProtocolName::asUtf8Encoding)
                        .toList());
    }

    /// As with [TlsContexts], a client that offers others alone is served without one.
    @Override
    protected @Nullable ProtocolName selectProtocolName() {
        return selectProtocolName(clientProtocolNames, getProtocolNames());
    }

    @Override
    @SuppressWarnings("rawtypes") // as Bouncy Castle declares it
    public void processClientExtensions(Hashtable extensions) throws IOException {
        super.processClientExtensions(extensions);
        serverName = ClientExtensions.serverName(extensions);
    }

    /// Those that go with the key which the client is shown.
    @Override
    public int[] getCipherSuites() {
        boolean isRsa = identity().key().getAlgorithm().equals("RSA");
        return Arrays.stream(suites)
                .filter(
                        suite ->
                                switch (TlsUtils.getKeyExchangeAlgorithm(suite)) {
                                    case KeyExchangeAlgorithm.ECDHE_RSA -> isRsa;
                                    case KeyExchangeAlgorithm.ECDHE_ECDSA -> !isRsa;
                                    default -> true; // TLS 1.3
                                })
                .toArray();
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        Identity shown = identity();
        return ServerCredentials.rawPublicKey(
                context, crypto, shown.certificate().getPublicKey(), shown.key());
    }

    /// The one that is in use as the handshake begins, until it is over.
    private Identity identity() {
        if (identity == null) {
            identity = identities.identity(serverName);
        }
        return identity;
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        isComplete = true;
    }

    boolean isComplete() {
        return isComplete;
    }

    /// The server that the client asked for, or null.
    @Nullable String serverName() {
        return serverName;
    }

    @Nullable String applicationProtocol() {
        return selectedProtocolName == null ? null : selectedProtocolName.getUtf8Decoding();
    }

    int selectedSuite() {
        return selectedCipherSuite;
    }

    /// As Java writes it.
    String version() {
        return TlsUtils.isTLSv13(context) ? "TLSv1.3" : "TLSv1.2";
    }
}
