package io.hairpin.server.admin;

import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What there is to see.
final class Pages {
    private final Map<String, Supplier<Page>> byPath;

    Pages(Supplier<String> metrics, Supplier<Optional<String>> unreadiness) {
        byPath =
                Map.of(
                        "/metrics",
                        () -> new Page(OK, ServerMetrics.CONTENT_TYPE, metrics.get()),
                        "/healthz",
                        () -> Page.line(OK, "alive"),
                        "/readyz",
                        () -> readiness(unreadiness.get()));
    }

    Page page(HttpMethod method, String uri) {
        Supplier<Page> page = byPath.get(new QueryStringDecoder(uri).rawPath());
        if (page == null) {
            return Page.line(NOT_FOUND, "only /metrics, /healthz and /readyz are here");
        }
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return Page.line(METHOD_NOT_ALLOWED, "only GET and HEAD");
        }
        return page.get();
    }

    private static Page readiness(Optional<String> unreadiness) {
        return unreadiness
                .map(why -> Page.line(SERVICE_UNAVAILABLE, "not ready: " + why))
                .orElseGet(() -> Page.line(OK, "ready"));
    }
}
