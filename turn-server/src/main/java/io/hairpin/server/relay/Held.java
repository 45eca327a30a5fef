package io.hairpin.server.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;

import java.util.ArrayDeque;
import java.util.Queue;

/// Keeps what a connection brings until it is known where that goes. The channel must not read by
/// itself, so this is no more than one read gives, and one more when the other side ends.
public class Held extends ChannelInboundHandlerAdapter {

    private final Queue<ByteBuf> early = new ArrayDeque<>();
    private boolean inputEnded;

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        early.add((ByteBuf) message);
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext context) {
        // What reads on is whatever comes after.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        inputEnded |=
                event instanceof SslCloseCompletionEvent
                        || event instanceof ChannelInputShutdownEvent;
    }

    /// Puts that handler in this one's place, and lets it have what has come, and read on. Called
    /// on the channel's event loop.
    public final void release(ChannelHandlerContext context, ChannelHandler successor) {
        context.pipeline().addAfter(context.name(), null, successor);
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            context.fireChannelRead(bytes);
        }
        if (inputEnded) {
            context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        context.fireChannelReadComplete();
        context.pipeline().remove(this);
    }

    @Override
    public final void handlerRemoved(ChannelHandlerContext context) {
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            bytes.release();
        }
    }
}
