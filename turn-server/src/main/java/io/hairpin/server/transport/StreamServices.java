package io.hairpin.server.transport;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// What is served on every TCP port besides plain TURN.
///
/// @param tls what TLS is served by, or null without a certificate
/// @param proxies the addresses whose PROXY protocol headers are believed
/// @param httpBackend who answers TLS clients that speak HTTP; may be unresolved, null for nobody
public record StreamServices(
        @Nullable TlsHandlers tls, ProxyRanges proxies, @Nullable InetSocketAddress httpBackend) {

    /// Nothing besides.
    public static final StreamServices NONE = new StreamServices(null, ProxyRanges.NONE, null);
}
