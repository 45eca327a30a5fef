package io.hairpin.server.config;

/// Which implementation of TLS serves clients.
public enum TlsProvider {
    /// BoringSSL where it loads, otherwise the JDK's.
    AUTO,
    /// BoringSSL, through netty-tcnative.
    BORINGSSL,
    /// The JDK's own.
    JDK
}
