package io.hairpin.net;

/// The fields of the IP header that travel with a datagram, as one number: the octet with DSCP and
/// ECN (IPv4's type of service, IPv6's traffic class) and the hop limit (IPv4's time to live).
///
/// Zero is what a datagram has of which nothing is known or asked for: best effort, and the hop
/// limit that the system gives.
final class HeaderFields {

    private static final int OCTET = 0xFF;
    private static final int HOP_LIMIT_SHIFT = Byte.SIZE;

    private HeaderFields() {}

    static int of(int trafficClass, int hopLimit) {
        return (hopLimit << HOP_LIMIT_SHIFT) | (trafficClass & OCTET);
    }

    static int trafficClass(int fields) {
        return fields & OCTET;
    }

    static int hopLimit(int fields) {
        return fields >>> HOP_LIMIT_SHIFT;
    }
}
