package io.hairpin.server.transport;

import io.hairpin.server.core.RefusalReason;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Learns from the header of the PROXY protocol whom a proxy speaks for.
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {

    /// What proxies add about a connection, such as its TLS: hundreds of bytes, which nobody reads.
    private static final int MAX_EXTENSION_BYTES = 2 << 10;

    private final Arrival arrival;

    private ProxyHeader(Arrival arrival) {
        this.arrival = arrival;
    }

    static void addTo(ChannelPipeline pipeline, Arrival arrival) {
        pipeline.addLast(new HAProxyMessageDecoder(MAX_EXTENSION_BYTES), new ProxyHeader(arrival));
    }

    /// The decoder removes itself after this, and what it has left goes to the next handler.
    @Override
    protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header) {
        try {
            arrival.introduced(source(header));
        } catch (IllegalArgumentException e) {
            arrival.refuse(RefusalReason.MALFORMED_PROXY_HEADER, String.valueOf(e.getMessage()));
        }
        context.pipeline().addLast(new FirstBytes(arrival));
        context.pipeline().remove(this);
    }

    /// Who is behind the proxy; null if it speaks for itself, as in health checks, or for somebody
    /// it has no address of.
    ///
    /// The address that the client connected to is the proxy's. Clients are known by an address of
    /// this server, and its peers are protected by its own addresses, so it is left unused.
    private static @Nullable InetSocketAddress source(HAProxyMessage header) {
        if (header.command() == HAProxyCommand.LOCAL) {
            return null;
        }
        return switch (header.proxiedProtocol()) {
            case TCP4, TCP6 ->
                    new InetSocketAddress(
                            InetAddress.ofLiteral(header.sourceAddress()), header.sourcePort());
            case UNKNOWN, UNIX_STREAM, UNIX_DGRAM -> null;
            case UDP4, UDP6 -> throw new IllegalArgumentException("UDP over TCP");
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException) {
            arrival.refuse(RefusalReason.MALFORMED_PROXY_HEADER, String.valueOf(cause));
        } else {
            arrival.failed(cause);
        }
    }
}
