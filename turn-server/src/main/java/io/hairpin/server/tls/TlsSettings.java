package io.hairpin.server.tls;

import io.netty.handler.ssl.ClientAuth;

import java.time.Duration;
import java.util.List;

/// How TLS is to be served.
///
/// @param provider which implementation; AUTO takes BoringSSL where it loads
/// @param protocols the versions, as Java and OpenSSL write them
/// @param ciphers the suites by their IANA names; the modern ones stand in for a version that none
///     is named for
/// @param clientAuth whether clients are asked for certificates, which then must be good
/// @param handshakeTimeout how long a client may take over its handshake
public record TlsSettings(
        TlsImplementation provider,
        List<String> protocols,
        List<String> ciphers,
        ClientAuth clientAuth,
        Duration handshakeTimeout) {

    public TlsSettings {
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
    }
}
