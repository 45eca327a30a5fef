package io.hairpin.client.load;

import io.hairpin.client.TlsOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/// The TLS of the clients of one event loop: BoringSSL's where it loads, the JDK's elsewhere. No
/// session is taken up again, so that each handshake costs the server what a new client's does. Not
/// thread-safe.
final class TlsLayer {

    private static final int HANDSHAKE_TIMEOUT_SECONDS = 20;

    /// AES-128-GCM comes first where the version leaves a choice, as browsers have it.
    private static final List<String> CIPHERS =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private final SslContext context;
    private final String serverName;
    private final Negotiated negotiated;
    private int handshakes;

    private TlsLayer(SslContext context, String serverName, Negotiated negotiated) {
        this.context = context;
        this.serverName = serverName;
        this.negotiated = negotiated;
    }

    static TlsLayer of(TlsOptions tls, InetSocketAddress server, Negotiated negotiated) {
        boolean boringSsl = OpenSsl.isAvailable();
        try {
            SslContextBuilder builder =
                    SslContextBuilder.forClient()
                            .sslProvider(boringSsl ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                            .protocols("TLSv1.3", "TLSv1.2")
                            .ciphers(CIPHERS)
                            .trustManager(tls.trust().manager())
                            .endpointIdentificationAlgorithm(
                                    tls.trust().checksNames() ? "HTTPS" : null)
                            .applicationProtocolConfig(
                                    new ApplicationProtocolConfig(
                                            ApplicationProtocolConfig.Protocol.ALPN,
                                            ApplicationProtocolConfig.SelectorFailureBehavior
                                                    .NO_ADVERTISE,
                                            ApplicationProtocolConfig
                                                    .SelectedListenerFailureBehavior.ACCEPT,
                                            TlsOptions.ALPN));
            tls.indicatedName(server).ifPresent(name -> builder.serverName(new SNIHostName(name)));
            SslContext context = builder.build();
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setSessionCacheEnabled(false);
            }
            return new TlsLayer(context, tls.nameOf(server), negotiated);
        } catch (SSLException e) {
            throw new LoadException("cannot prepare TLS", e);
        }
    }

    /// Made for one connection, whose handshake begins when it is open.
    SslHandler handler(ByteBufAllocator allocator) {
        // The JDK would take up the session of the host and port: a number for each prevents it.
        SslHandler handler = context.newHandler(allocator, serverName, ++handshakes);
        handler.setHandshakeTimeout(HANDSHAKE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return handler;
    }

    /// The handshake of that handler succeeded.
    void completed(SslHandler handler) {
        SSLSession session = handler.engine().getSession();
        negotiated.note(session.getProtocol() + " " + session.getCipherSuite());
    }

    /// No handler is made any more.
    void close() {
        ReferenceCountUtil.release(context);
    }

    /// Why a handshake failed, such that equal failures count as such.
    static String reason(Throwable failure) {
        Throwable cause = failure;
        for (Throwable next = cause; next != null; next = next.getCause()) {
            cause = next;
        }
        @Nullable String message = cause.getMessage();
        return "no TLS: " + (message == null ? cause.getClass().getSimpleName() : message);
    }
}
