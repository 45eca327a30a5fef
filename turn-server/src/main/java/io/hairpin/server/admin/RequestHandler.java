package io.hairpin.server.admin;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.INTERNAL_SERVER_ERROR;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_URI_TOO_LONG;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Queue;

/// Answers the requests of one connection, each after the other.
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    /// The requests that may be sent in advance of answers; who sends more is cut off.
    private static final int MAX_WAITING = 32;

    /// What an answer depends on.
    private record Asked(HttpMethod method, String uri, DecoderResult decoded) {}

    private final Pages pages;
    private final Queue<Asked> waiting = new ArrayDeque<>();
    private boolean answering;

    RequestHandler(Pages pages) {
        this.pages = pages;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (waiting.size() == MAX_WAITING) {
            ctx.close();
            return;
        }
        waiting.add(new Asked(request.method(), request.uri(), request.decoderResult()));
        if (!answering) {
            answerNext(ctx);
        }
    }

    /// Failures are those of the network, or a time-out of ours: the connection ends.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("admin connection of {} ends", ctx.channel().remoteAddress(), cause);
        ctx.close();
    }

    /// A page is made when the client has taken the one before, so that one who only asks does not
    /// fill the memory with answers.
    private void answerNext(ChannelHandlerContext ctx) {
        Asked next = waiting.poll();
        answering = next != null;
        if (next != null) {
            ctx.writeAndFlush(response(next))
                    .addListener(
                            (ChannelFuture sent) -> {
                                if (sent.isSuccess()) {
                                    answerNext(ctx);
                                } else {
                                    ctx.close();
                                }
                            });
        }
    }

    private FullHttpResponse response(Asked request) {
        if (request.decoded().isFailure()) {
            return unreadable(request.decoded().cause()).lastResponse();
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
