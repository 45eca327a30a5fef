package io.hairpin.server.config;

import java.util.Arrays;
import java.util.Optional;

/// A version of TLS that can be offered. Older ones are not: RFC 8996 forbids them.
public enum TlsVersion {
    TLS_1_2("TLSv1.2"),
    TLS_1_3("TLSv1.3");

    private final String protocol;

    TlsVersion(String protocol) {
        this.protocol = protocol;
    }

    /// The name that Java, OpenSSL and operators have for it.
    public String protocol() {
        return protocol;
    }

    static Optional<TlsVersion> parse(String text) {
        return Arrays.stream(values()).filter(each -> each.protocol.equals(text)).findFirst();
    }
}
