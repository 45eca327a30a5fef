package io.hairpin.server.tls;

/// Which implementation of TLS is to serve.
public enum TlsImplementation {
    /// BoringSSL where it loads, otherwise the JDK's.
    AUTO,
    /// BoringSSL, through netty-tcnative.
    BORINGSSL,
    /// The JDK's own.
    JDK
}
