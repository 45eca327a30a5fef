package io.hairpin.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

import java.util.List;

/// Looks at the first bytes of a connection, and gives it the handlers of what they begin.
final class FirstBytes extends ByteToMessageDecoder {

    private final Arrival arrival;

    FirstBytes(Arrival arrival) {
        this.arrival = arrival;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (arrival.isRefused() || !context.channel().isActive()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        StreamKind kind = StreamKind.of(in);
        if (kind == null) {
            return;
        }
        arrival.continueAs(kind, context.pipeline());
        if (context.pipeline().last() == this) {
            in.skipBytes(in.readableBytes()); // refused
        } else {
            context.pipeline().remove(this);
        }
    }

    /// A connection that was reset.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        arrival.failed(cause);
    }
}
