package io.hairpin.client;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Which servers a client believes over TLS and DTLS.
///
/// Unless it is [#anyServerInsecurely()], the server's certificate has to name the server too.
public final class Trust {

    private final X509ExtendedTrustManager manager;
    private final boolean checksNames;

    private Trust(X509ExtendedTrustManager manager, boolean checksNames) {
        this.manager = manager;
        this.checksNames = checksNames;
    }

    /// Believes servers that the authorities known to the JDK vouch for.
    public static Trust systemAuthorities() {
        return new Trust(managerOf(null), true);
    }

    /// Believes servers that one of these authorities vouches for, or that have one of these
    /// certificates themselves.
    public static Trust certificates(Collection<X509Certificate> certificates) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate certificate : certificates) {
                store.setCertificateEntry(Integer.toString(store.size()), certificate);
            }
            return new Trust(managerOf(store), true);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK has no key store in memory", e);
        }
    }

    /// As [#certificates], with those of a PEM file.
    public static Trust pemFile(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> certificates = new ArrayList<>();
            for (var certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                certificates.add((X509Certificate) certificate);
            }
            if (certificates.isEmpty()) {
                throw new IOException("there is no certificate in " + file);
            }
            return certificates(certificates);
        } catch (CertificateException e) {
            throw new IOException(file + " is no file of PEM certificates", e);
        }
    }

    /// Believes whoever answers, so that nothing keeps anybody on the way from reading along: for
    /// servers with a certificate of their own making, in tests and on one's own network.
    public static Trust anyServerInsecurely() {
        return new Trust(new Credulous(), false);
    }

    /// Whether the certificate has to name the server.
    public boolean checksNames() {
        return checksNames;
    }

    /// What decides on certificates, for TLS libraries; names are for them to check.
    public X509ExtendedTrustManager manager() {
        return manager;
    }

    /// Throws if a server with these certificates, its own first, is not to be believed to be the
    /// one of that name or IP address.
    public void check(X509Certificate[] chain, String name) throws CertificateException {
        String keyAlgorithm = chain[0].getPublicKey().getAlgorithm();
        manager.checkServerTrusted(chain, keyAlgorithm.equals("RSA") ? "ECDHE_RSA" : "ECDHE_ECDSA");
        if (checksNames && !CertificateNames.of(chain[0]).include(name)) {
            throw new CertificateException("the certificate is not for " + name);
        }
    }

    private static X509ExtendedTrustManager managerOf(@Nullable KeyStore authorities) {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot verify certificates", e);
        }
    }

    /// Refuses nobody.
    private static final class Credulous extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
