package io.hairpin.dtls;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.ServerOnlyTlsAuthentication;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Vector;

/// What a client asks for in one handshake.
final class ClientRole extends DefaultTlsClient {

    private static final int[] SUITES = {
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    };

    private final DtlsCrypto crypto;
    private final DtlsTrust trust;
    private final @Nullable String serverName;
    private final int resendMillis;

    ClientRole(DtlsCrypto crypto, DtlsTrust trust, @Nullable String serverName, int resendMillis) {
        super(crypto);
        this.crypto = crypto;
        this.trust = trust;
        this.serverName = serverName;
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
    protected int[] getSupportedCipherSuites() {
        return SUITES.clone();
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        return new Vector<>(List.of(ProtocolName.STUN_TURN));
    }

    @Override
    protected @Nullable Vector<ServerName> getSNIServerNames() {
        return serverName == null
                ? null
                : new Vector<>(
                        List.of(
                                new ServerName(
                                        NameType.host_name,
                                        serverName.getBytes(StandardCharsets.US_ASCII))));
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new ServerOnlyTlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate shown) throws IOException {
                try {
                    trust.check(chain(shown.getCertificate().getCertificateList()));
                } catch (CertificateException e) {
                    throw new TlsFatalAlert(AlertDescription.bad_certificate, e);
                }
            }
        };
    }

    private List<X509Certificate> chain(TlsCertificate[] certificates) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        for (TlsCertificate certificate : certificates) {
            chain.add(JcaTlsCertificate.convert(crypto, certificate).getX509Certificate());
        }
        return chain;
    }
}
