package io.hairpin.server.transport;

import io.hairpin.server.core.Cidr;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// What is served on every TCP port besides plain TURN.
///
/// @param tls what TLS is served by, or null without a certificate
/// @param proxies the addresses whose PROXY protocol headers are believed
/// @param httpBackend who answers TLS clients that speak HTTP; may be unresolved, null for nobody
public record StreamServices(
        @Nullable TlsHandlers tls, List<Cidr> proxies, @Nullable InetSocketAddress httpBackend) {

    /// Nothing besides.
    public static final StreamServices NONE = new StreamServices(null, List.of(), null);

    public StreamServices {
        proxies = List.copyOf(proxies);
    }

    boolean believes(InetAddress proxy) {
        return proxies.stream().anyMatch(range -> range.contains(proxy));
    }
}
