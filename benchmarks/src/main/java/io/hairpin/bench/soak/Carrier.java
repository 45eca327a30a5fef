package io.hairpin.bench.soak;

/// What clients come by.
enum Carrier {
    UDP,
    TCP,
    TLS,
    DTLS;

    boolean isStream() {
        return this == TCP || this == TLS;
    }
}
