package io.hairpin.server.core;

import io.hairpin.stun.AddressFamily;

import java.net.InetSocketAddress;

/// The relayed transport address that an allocation needs.
public record RelaySpec(AddressFamily family, PortChoice port, RelayTransport transport) {

    /// Of UDP.
    public RelaySpec(AddressFamily family, PortChoice port) {
        this(family, port, RelayTransport.UDP);
    }

    /// How the port is to be chosen.
    public sealed interface PortChoice {
        /// Any free port.
        record Any() implements PortChoice {}

        /// An even port, with its successor kept free for a later allocation if `reserveNext`
        /// (RFC 8656 §18.7).
        record Even(boolean reserveNext) implements PortChoice {}

        /// The relayed transport address that an earlier allocation reserved.
        record Reserved(InetSocketAddress relayed) implements PortChoice {}
    }
}
