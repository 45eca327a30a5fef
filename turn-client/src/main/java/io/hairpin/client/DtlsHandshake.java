package io.hairpin.client;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Vector;

/// What this client says and wants in a handshake of DTLS.
final class DtlsHandshake extends DefaultTlsClient {

    /// Forward secrecy and authenticated encryption alone.
    private static final int[] CIPHER_SUITES = {
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
    };

    private final InetSocketAddress server;
    private final TlsOptions tls;
    private final Duration timeout;

    DtlsHandshake(InetSocketAddress server, TlsOptions tls, Duration timeout) {
        super(new JcaTlsCryptoProvider().create(new SecureRandom()));
        this.server = server;
        this.tls = tls;
        this.timeout = timeout;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return CIPHER_SUITES;
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return Math.toIntExact(timeout.toMillis());
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        return new Vector<>(List.of(ProtocolName.asUtf8Encoding(TlsOptions.ALPN)));
    }

    @Override
    protected @Nullable Vector<ServerName> getSNIServerNames() {
        Optional<String> name = tls.indicatedName(server);
        if (name.isEmpty()) {
            return null;
        }
        byte[] bytes = name.get().getBytes(StandardCharsets.US_ASCII);
        return new Vector<>(List.of(new ServerName(NameType.host_name, bytes)));
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate certificate)
                    throws IOException {
                verify(certificate.getCertificate());
            }

            @Override
            public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
                return null;
            }
        };
    }

    private void verify(Certificate sent) throws IOException {
        if (sent.isEmpty()) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate);
        }
        X509Certificate[] chain = new X509Certificate[sent.getLength()];
        for (int i = 0; i < chain.length; i++) {
            JcaTlsCrypto crypto = (JcaTlsCrypto) getCrypto();
            chain[i] =
                    JcaTlsCertificate.convert(crypto, sent.getCertificateAt(i))
                            .getX509Certificate();
        }
        try {
            tls.trust().check(chain, tls.nameOf(server));
        } catch (CertificateException e) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, e.getMessage(), e);
        }
    }
}
