package io.hairpin.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

import org.jspecify.annotations.Nullable;

import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLPeerUnverifiedException;

/// A client and our server on two ends of a wire in memory, which is served by hand.
final class TlsPair implements AutoCloseable {

    private static final int PORT = 5349;

    private final EmbeddedChannel client;
    private final EmbeddedChannel server;
    private final SslHandler clientHandler;
    private final SslHandler serverHandler;

    /// Connects and shakes hands, as far as both agree to.
    TlsPair(TlsContexts contexts, SslContext clientContext, String serverName) {
        server = new EmbeddedChannel();
        serverHandler = contexts.handlerFor(server);
        server.pipeline().addLast(serverHandler);
        client = new EmbeddedChannel();
        clientHandler = clientContext.newHandler(client.alloc(), serverName, PORT);
        client.pipeline().addLast(clientHandler);
        pump();
    }

    boolean established() {
        return serverHandler.handshakeFuture().isSuccess()
                && clientHandler.handshakeFuture().isSuccess()
                && server.isActive();
    }

    @Nullable Throwable clientFailure() {
        return clientHandler.handshakeFuture().cause();
    }

    String version() {
        return clientHandler.engine().getSession().getProtocol();
    }

    String suite() {
        return clientHandler.engine().getSession().getCipherSuite();
    }

    @Nullable String applicationProtocol() {
        return serverHandler.applicationProtocol();
    }

    X509Certificate served() throws SSLPeerUnverifiedException {
        return (X509Certificate) clientHandler.engine().getSession().getPeerCertificates()[0];
    }

    List<String> clientCertificates() throws SSLPeerUnverifiedException {
        return List.of(serverHandler.engine().getSession().getPeerCertificates()).stream()
                .map(each -> ((X509Certificate) each).getSubjectX500Principal().getName())
                .toList();
    }

    /// What the client gets back of a line that the server returns. Over TLS 1.3 BoringSSL sends
    /// its tickets together with the first data.
    String exchange(String line) {
        client.writeOutbound(Unpooled.copiedBuffer(line, US_ASCII));
        pump();
        ByteBuf returned = server.readInbound();
        server.writeOutbound(returned);
        pump();
        ByteBuf received = client.readInbound();
        try {
            return received.toString(US_ASCII);
        } finally {
            received.release();
        }
    }

    /// Whether the server takes part in another handshake on the same connection.
    boolean renegotiates() {
        var again = clientHandler.renegotiate();
        pump();
        return again.isSuccess();
    }

    private void pump() {
        boolean toServer = true;
        boolean toClient = true;
        while (toServer || toClient) {
            toServer = move(client, server);
            toClient = move(server, client);
        }
    }

    private static boolean move(EmbeddedChannel from, EmbeddedChannel to) {
        from.runPendingTasks();
        boolean moved = false;
        ByteBuf bytes = from.readOutbound();
        while (bytes != null) {
            moved = true;
            if (to.isActive()) {
                // One handler's failure is its own affair; it shows by its handshake.
                to.pipeline().fireChannelRead(bytes);
                to.pipeline().fireChannelReadComplete();
                to.runPendingTasks();
            } else {
                bytes.release();
            }
            bytes = from.readOutbound();
        }
        return moved;
    }

    @Override
    public void close() {
        client.close();
        pump();
        server.close();
        client.releaseOutbound();
        server.releaseOutbound();
    }
}
