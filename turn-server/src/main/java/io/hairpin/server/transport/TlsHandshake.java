package io.hairpin.server.transport;

import io.hairpin.server.core.RefusalReason;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.ReferenceCountUtil;

import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/// Waits for the end of a TLS handshake.
final class TlsHandshake extends ChannelInboundHandlerAdapter {

    /// Causes of causes are looked at no deeper.
    private static final int MAX_CAUSES = 8;

    private final Arrival arrival;

    TlsHandshake(Arrival arrival) {
        this.arrival = arrival;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion && !arrival.isRefused()) {
            if (completion.isSuccess()) {
                succeeded(context.pipeline());
            } else {
                failed(completion.cause());
            }
        }
    }

    /// HTTP is spoken by whom ALPN says so, and by whoever begins with it: most clients, of HTTP
    /// and TURN alike, announce nothing or what is not on offer here (RFC 7443).
    private void succeeded(ChannelPipeline pipeline) {
        SslHandler tls = pipeline.get(SslHandler.class);
        arrival.encrypted(serverName(tls.engine().getSession()));
        String protocol = tls.applicationProtocol();
        if (ApplicationProtocolNames.HTTP_1_1.equals(protocol)) {
            arrival.speaksHttp(pipeline);
        } else {
            pipeline.addLast(new FirstBytes(arrival));
        }
        pipeline.remove(this);
    }

    /// RFC 6066 §3.
    private static String serverName(SSLSession session) {
        if (!(session instanceof ExtendedSSLSession extended)) {
            return "";
        }
        return extended.getRequestedServerNames().stream()
                .filter(SNIHostName.class::isInstance)
                .map(name -> ((SNIHostName) name).getAsciiName())
                .findFirst()
                .orElse("");
    }

    private void failed(Throwable cause) {
        arrival.refuse(reason(cause), String.valueOf(cause.getMessage()));
    }

    private static RefusalReason reason(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            switch (cause) {
                case SslHandshakeTimeoutException _ -> {
                    return RefusalReason.HANDSHAKE_TIMEOUT;
                }
                case CertificateException _, CertPathValidatorException _ -> {
                    return RefusalReason.CLIENT_CERTIFICATE;
                }
                case IOException io when !(io instanceof SSLException) -> {
                    return RefusalReason.HANDSHAKE_CLOSED;
                }
                default -> cause = cause.getCause();
            }
        }
        return reason(String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT));
    }

    /// The libraries tell the rest apart in words only.
    private static RefusalReason reason(String message) {
        if (message.contains("connection closed")) {
            return RefusalReason.HANDSHAKE_CLOSED;
        }
        if (message.contains("peer_did_not_return_a_certificate")
                || message.contains("empty client certificate chain")) {
            return RefusalReason.CLIENT_CERTIFICATE;
        }
        return message.contains("alert")
                ? RefusalReason.HANDSHAKE_ALERT
                : RefusalReason.HANDSHAKE_FAILED;
    }

    /// The client was too quick with data, which comes after the handshake.
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (RemoteFault.is(cause)) {
            failed(RemoteFault.within(cause));
        } else {
            arrival.failed(cause);
        }
    }
}
