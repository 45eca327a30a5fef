package io.hairpin.server.admin;

import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How much a client of the [AdminServer] may ask of it.
///
/// @param requestTimeout from the connection, or the request before, to a whole request: idle
///     connections and those that send a byte now and then end alike
/// @param responseTimeout for the client to take an answer
record AdminLimits(
        int connections,
        int lineBytes,
        int headerBytes,
        int bodyBytes,
        Duration requestTimeout,
        Duration responseTimeout) {

    static final AdminLimits DEFAULTS =
            new AdminLimits(
                    AdminServer.MAX_CONNECTIONS,
                    2048,
                    8192,
                    1024,
                    Duration.ofSeconds(
                            90), // Prometheus asks once a minute and keeps its connection
                    Duration.ofSeconds(10));

    /// Makes a pipeline that hands on whole requests.
    void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(
                new HttpServerCodec(
                        new HttpDecoderConfig()
                                .setMaxInitialLineLength(lineBytes)
                                .setMaxHeaderSize(headerBytes)),
                new HttpServerKeepAliveHandler(),
                new BodyLimit(bodyBytes),
                // Stands behind the aggregation, so that only whole requests start its clock anew.
                new ReadTimeoutHandler(requestTimeout.toMillis(), TimeUnit.MILLISECONDS),
                new WriteTimeoutHandler(responseTimeout.toMillis(), TimeUnit.MILLISECONDS));
    }

    /// Nothing here takes a body. One of a few bytes is read and ignored, a longer one is refused
    /// and not read to its end.
    private static final class BodyLimit extends HttpObjectAggregator {
        BodyLimit(int bytes) {
            super(bytes, true);
        }

        @Override
        protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage request) {
            Page refusal = Page.line(REQUEST_ENTITY_TOO_LARGE, "the body is too long");
            ctx.writeAndFlush(refusal.lastResponse())
                    .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
    }
}
