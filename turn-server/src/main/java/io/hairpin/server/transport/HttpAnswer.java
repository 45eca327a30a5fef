package io.hairpin.server.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Answers whatever is asked over HTTP with one status, and ends the connection.
final class HttpAnswer extends ChannelInboundHandlerAdapter {

    /// How long the client has to take the answer and go. What it sends meanwhile is read and
    /// thrown away: closing on it would take the answer back.
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Arrival arrival;
    private final byte[] answer;

    private HttpAnswer(Arrival arrival, String status) {
        this.arrival = arrival;
        String headers = "Content-Length: 0\r\nConnection: close\r\n";
        answer =
                ("HTTP/1.1 " + status + "\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
    }

    static HttpAnswer badRequest(Arrival arrival) {
        return new HttpAnswer(arrival, "400 Bad Request");
    }

    static HttpAnswer notFound(Arrival arrival) {
        return new HttpAnswer(arrival, "404 Not Found");
    }

    static HttpAnswer badGateway(Arrival arrival) {
        return new HttpAnswer(arrival, "502 Bad Gateway");
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        arrival.expect(LINGER, context::close);
        context.writeAndFlush(Unpooled.wrappedBuffer(answer))
                .addListener(
                        written -> {
                            if (written.isSuccess()) {
                                endOutput(context);
                            } else {
                                context.close();
                            }
                        });
    }

    /// Says that this was all, where that leaves the other direction open: a TLS connection that
    /// is closed for writing may not be read from any more, depending on the library.
    private static void endOutput(ChannelHandlerContext context) {
        boolean encrypted = context.pipeline().get(SslHandler.class) != null;
        if (!encrypted && context.channel() instanceof DuplexChannel channel) {
            channel.shutdownOutput();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
