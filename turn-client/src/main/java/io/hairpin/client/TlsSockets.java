package io.hairpin.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// Puts TLS on connections to a server.
final class TlsSockets {

    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private TlsSockets() {}

    /// Shakes hands over a connection; closing what is returned closes it.
    ///
    /// @param timeoutMillis how long the server may be silent
    static Socket secure(
            Socket connected, InetSocketAddress server, TlsOptions tls, int timeoutMillis)
            throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        contextOf(tls.trust())
                                .getSocketFactory()
                                .createSocket(
                                        connected, tls.nameOf(server), server.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        parameters.setApplicationProtocols(new String[] {TlsOptions.ALPN});
        parameters.setServerNames(
                tls.indicatedName(server)
                        .<List<SNIServerName>>map(name -> List.of(new SNIHostName(name)))
                        .orElse(List.of()));
        if (tls.trust().checksNames()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(timeoutMillis);
        socket.startHandshake();
        socket.setSoTimeout(0);
        return socket;
    }

    private static SSLContext contextOf(Trust trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust.manager()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no TLS", e);
        }
    }
}
