package io.hairpin.server.tls;

import org.jspecify.annotations.Nullable;

import java.security.Principal;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSessionContext;

/// What there is to know of a connection whose client was shown a raw public key. Neither side has
/// certificates on it, and it cannot be resumed.
final class RawPublicKeySession extends ExtendedSSLSession {

    private static final int HEADER_BYTES = 5;

    /// RFC 8446 §5.1, and RFC 5246 §6.2.3 for how much longer encryption may make it.
    private static final int MAX_PLAINTEXT_BYTES = 1 << 14;

    private static final int MAX_EXPANSION_BYTES = 2048;

    private final RawPublicKeyRole role;
    private final Map<String, Object> values = new HashMap<>();

    RawPublicKeySession(RawPublicKeyRole role) {
        this.role = role;
    }

    @Override
    public List<SNIServerName> getRequestedServerNames() {
        String name = role.serverName();
        if (name == null) {
            return List.of();
        }
        try {
            return List.of(new SNIHostName(name));
        } catch (IllegalArgumentException e) {
            return List.of(); // no host can have that name
        }
    }

    @Override
    public String getProtocol() {
        return role.isComplete() ? role.version() : "NONE";
    }

    @Override
    public String getCipherSuite() {
        return role.isComplete()
                ? RawPublicKeyTls.nameOf(role.selectedSuite())
                : "SSL_NULL_WITH_NULL_NULL";
    }

    @Override
    public int getPacketBufferSize() {
        return HEADER_BYTES + MAX_PLAINTEXT_BYTES + MAX_EXPANSION_BYTES;
    }

    @Override
    public int getApplicationBufferSize() {
        return MAX_PLAINTEXT_BYTES;
    }

    @Override
    public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
        throw new SSLPeerUnverifiedException("clients are not asked for certificates");
    }

    @Override
    public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
        throw new SSLPeerUnverifiedException("clients are not asked for certificates");
    }

    @Override
    public Certificate @Nullable [] getLocalCertificates() {
        return null;
    }

    @Override
    public @Nullable Principal getLocalPrincipal() {
        return null;
    }

    @Override
    public String[] getLocalSupportedSignatureAlgorithms() {
        return new String[0];
    }

    @Override
    public String[] getPeerSupportedSignatureAlgorithms() {
        return new String[0];
    }

    @Override
    public byte[] getId() {
        return new byte[0];
    }

    @Override
    public @Nullable SSLSessionContext getSessionContext() {
        return null;
    }

    @Override
    public long getCreationTime() {
        return 0;
    }

    @Override
    public long getLastAccessedTime() {
        return 0;
    }

    @Override
    public void invalidate() {} // which it is for resumption anyway

    @Override
    public boolean isValid() {
        return false;
    }

    @Override
    public void putValue(String name, Object value) {
        values.put(name, value);
    }

    @Override
    public @Nullable Object getValue(String name) {
        return values.get(name);
    }

    @Override
    public void removeValue(String name) {
        values.remove(name);
    }

    @Override
    public String[] getValueNames() {
        return values.keySet().toArray(String[]::new);
    }

    @Override
    public @Nullable String getPeerHost() {
        return null;
    }

    @Override
    public int getPeerPort() {
        return -1;
    }
}
