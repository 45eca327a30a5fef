package io.hairpin.server.admin;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.INTERNAL_SERVER_ERROR;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_URI_TOO_LONG;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers the requests of one connection, each after the other.
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    private final Pages pages;

    /// Whether the request before has been answered, so that the next may come.
    private boolean waiting;

    RequestHandler(Pages pages) {
        this.pages = pages;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        await(ctx);
    }

    /// What has come was no whole request, or one that was answered on the spot. Either way
    /// FlowControlHandler takes the read that was asked for as done, so it has to be asked again.
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (waiting) {
            ctx.read();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        waiting = false;
        ctx.writeAndFlush(response(request)).addListener((ChannelFuture sent) -> next(ctx, sent));
    }

    /// Failures are those of the network, or a time-out of ours: the connection ends.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("admin connection of {} ends", ctx.channel().remoteAddress(), cause);
        ctx.close();
    }

    private void next(ChannelHandlerContext ctx, ChannelFuture sent) {
        if (sent.isSuccess()) {
            await(ctx);
        } else {
            ctx.close();
        }
    }

    private void await(ChannelHandlerContext ctx) {
        waiting = true;
        ctx.read();
    }

    private FullHttpResponse response(FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return unreadable(request.decoderResult().cause()).lastResponse();
        }
        try {
            return pages.page(request.method(), request.uri()).response();
        } catch (RuntimeException bug) {
            LOG.error("admin request {} {} failed", request.method(), request.uri(), bug);
            return Page.line(INTERNAL_SERVER_ERROR, "the server's log has the reason")
                    .lastResponse();
        }
    }

    private static Page unreadable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                    Page.line(REQUEST_URI_TOO_LONG, "the request line is too long");
            case TooLongHttpHeaderException _ ->
                    Page.line(REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are too long");
            default -> Page.line(BAD_REQUEST, "not an HTTP request");
        };
    }
}
