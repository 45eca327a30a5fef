package io.hairpin.server.tls;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;

/// Hands each handshake the identity that is in use for the name the client asks for.
///
/// Contexts of TLS therefore outlive certificates, and with them their keys for session tickets:
/// a client resumes its session whatever was renewed in between.
final class IdentityKeys extends X509ExtendedKeyManager {

    private final Identities identities;
    private final boolean anyKind;

    /// @param anyKind whether the first candidate is taken whatever kind of key is asked for:
    ///     BoringSSL asks by the suites of the server, which say nothing about the client, and has
    ///     no word for Ed25519
    IdentityKeys(Identities identities, boolean anyKind) {
        this.identities = identities;
        this.anyKind = anyKind;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return choose(keyType, serverName(engine));
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType, null);
    }

    private @Nullable String choose(String keyType, @Nullable String serverName) {
        return identities.candidates(serverName).stream()
                .filter(each -> anyKind || each.identity().key().getAlgorithm().equals(keyType))
                .map(Identities.Entry::alias)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String serverName(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            List<SNIServerName> names = session.getRequestedServerNames();
            for (SNIServerName name : names) {
                if (name.getType() == StandardConstants.SNI_HOST_NAME
                        && name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity identity = identities.byAlias(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity identity = identities.byAlias(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = choose(keyType, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // never a client
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null; // never a client
    }
}
