package io.hairpin.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/// A TLS server on loopback that the test plays.
final class TlsServer implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final SSLServerSocket listener;

    private TlsServer(SSLServerSocket listener) {
        this.listener = listener;
    }

    static TlsServer open(SelfSigned identity) throws IOException, GeneralSecurityException {
        char[] password = "none".toCharArray();
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        Certificate[] chain = {identity.certificate()};
        store.setKeyEntry("server", identity.key(), password, chain);
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        SSLServerSocket listener =
                (SSLServerSocket)
                        context.getServerSocketFactory().createServerSocket(0, 5, LOOPBACK);
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1", "stun.turn"});
        listener.setSSLParameters(parameters);
        return new TlsServer(listener);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(LOOPBACK, listener.getLocalPort());
    }

    /// Accepts one connection and shakes hands, on a thread of its own.
    CompletableFuture<SSLSocket> accept() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        SSLSocket socket = (SSLSocket) listener.accept();
                        socket.startHandshake();
                        return socket;
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    /// What the client called the server.
    static String indicatedName(SSLSocket socket) {
        ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
        return session.getRequestedServerNames().stream()
                .map(name -> ((SNIHostName) name).getAsciiName())
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
