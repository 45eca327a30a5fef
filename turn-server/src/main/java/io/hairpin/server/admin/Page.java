package io.hairpin.server.admin;

import static io.netty.handler.codec.http.HttpVersion.HTTP_1_1;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;

/// An answer to an HTTP request.
record Page(HttpResponseStatus status, String contentType, String text) {
    private static final String PLAIN = "text/plain; charset=utf-8";

    static Page line(HttpResponseStatus status, String line) {
        return new Page(status, PLAIN, line + "\n");
    }

    FullHttpResponse response() {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HTTP_1_1, status, Unpooled.copiedBuffer(text, UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        return response;
    }

    /// After this response the connection is closed.
    FullHttpResponse lastResponse() {
        FullHttpResponse response = response();
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }
}
