package io.hairpin.server.core;

import java.util.Arrays;
import java.util.Optional;

/// What a relay speaks with peers.
public enum RelayTransport {
    UDP(17),
    /// RFC 6062.
    TCP(6);

    private final int protocol;

    RelayTransport(int protocol) {
        this.protocol = protocol;
    }

    /// The one that IANA gave that protocol number.
    static Optional<RelayTransport> of(int protocol) {
        return Arrays.stream(values()).filter(each -> each.protocol == protocol).findFirst();
    }
}
