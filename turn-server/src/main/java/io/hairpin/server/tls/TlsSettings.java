package io.hairpin.server.tls;

import io.netty.handler.ssl.ClientAuth;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How TLS is to be served.
///
/// @param provider which implementation; AUTO takes BoringSSL where it loads
/// @param protocols the versions, as Java and OpenSSL write them
/// @param ciphers the suites by their IANA names; the modern ones stand in for a version that none
///     is named for
/// @param clientAuth whether clients are asked for certificates, which then must be good
/// @param clientCa who may issue those
/// @param handshakeTimeout how long a client may take over its handshake
public record TlsSettings(
        Provider provider,
        List<String> protocols,
        List<String> ciphers,
        ClientAuth clientAuth,
        Optional<Path> clientCa,
        Duration handshakeTimeout) {

    /// An implementation of TLS.
    public enum Provider {
        AUTO,
        BORINGSSL,
        JDK
    }

    public TlsSettings {
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
    }
}
