package io.hairpin.server.relay;

import io.hairpin.stun.AddressFamily;

import java.net.InetAddress;

/// An address of this machine that relays are opened on, and the one that stands for it outside:
/// the same unless a NAT lies between.
public record RelayAddress(InetAddress bind, InetAddress advertise) {

    public RelayAddress {
        if (AddressFamily.of(bind) != AddressFamily.of(advertise)) {
            throw new IllegalArgumentException(bind + " and " + advertise + " differ in family");
        }
    }

    public AddressFamily family() {
        return AddressFamily.of(bind);
    }

    boolean isMapped() {
        return !bind.equals(advertise);
    }
}
