package io.hairpin.net;

import io.hairpin.stun.TransportAddress;

import java.nio.ByteBuffer;

/// Fills datagrams as a socket does when they arrive. It is in this package because that is nobody
/// else's business.
public final class Arrivals {
    private Arrivals() {}

    /// Makes this one that came from `source`; in front of it is room for a header.
    public static void put(
            Datagram datagram, ByteBuffer bytes, int start, int length, TransportAddress source) {
        datagram.set(bytes, start, length, start);
        datagram.from(source.high(), source.low(), source.port());
        datagram.local(0, 0);
    }
}
