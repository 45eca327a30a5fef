package io.hairpin.server.transport;

import io.hairpin.server.core.RefusalReason;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;

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
            introduce(header);
        } catch (IllegalArgumentException e) {
            arrival.refuse(RefusalReason.MALFORMED_PROXY_HEADER, String.valueOf(e.getMessage()));
        }
        context.pipeline().addLast(new FirstBytes(arrival));
        context.pipeline().remove(this);
    }

    /// Says who is behind the proxy, unless it speaks for itself, as in health checks, or for
    /// somebody it has no address of.
    private void introduce(HAProxyMessage header) {
        if (header.command() == HAProxyCommand.LOCAL) {
            arrival.introduced();
            return;
        }
        switch (header.proxiedProtocol()) {
            case TCP4, TCP6 -> arrival.introduced(source(header), destination(header));
            case UNKNOWN, UNIX_STREAM, UNIX_DGRAM -> arrival.introduced();
            case UDP4, UDP6 -> throw new IllegalArgumentException("UDP over TCP");
        }
    }

    private static InetSocketAddress source(HAProxyMessage header) {
        return new InetSocketAddress(
                InetAddress.ofLiteral(header.sourceAddress()), header.sourcePort());
    }

    private static InetSocketAddress destination(HAProxyMessage header) {
        return new InetSocketAddress(
                InetAddress.ofLiteral(header.destinationAddress()), header.destinationPort());
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
