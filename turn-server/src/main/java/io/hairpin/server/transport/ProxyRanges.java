package io.hairpin.server.transport;

import io.hairpin.server.core.Cidr;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.TransportAddress;

import java.net.InetAddress;
import java.util.List;

/// The addresses of proxies whose word on who their clients are is believed. A question creates
/// nothing, so it can be asked for each datagram.
public final class ProxyRanges {

    /// Nobody is believed.
    public static final ProxyRanges NONE = new ProxyRanges(List.of());

    private final Range[] ranges;

    public ProxyRanges(List<Cidr> ranges) {
        this.ranges = ranges.stream().map(Range::of).toArray(Range[]::new);
    }

    boolean isEmpty() {
        return ranges.length == 0;
    }

    boolean contains(InetAddress proxy) {
        return contains(TransportAddress.high(proxy), TransportAddress.low(proxy));
    }

    /// Whether the address with these numbers (see [TransportAddress]) is one of them.
    boolean contains(long high, long low) {
        long unscoped = TransportAddress.withoutScope(high);
        for (Range range : ranges) {
            if (range.contains(unscoped, low)) {
                return true;
            }
        }
        return false;
    }

    private record Range(long high, long low, long highMask, long lowMask) {

        /// The numbers of IPv4 addresses are those of IPv6 addresses with a prefix of 96 bits.
        private static final int IPV4_PREFIX = 96;

        static Range of(Cidr cidr) {
            InetAddress network = cidr.network();
            int prefix =
                    switch (AddressFamily.of(network)) {
                        case IPV4 -> IPV4_PREFIX + cidr.prefixLength();
                        case IPV6 -> cidr.prefixLength();
                    };
            return new Range(
                    TransportAddress.high(network),
                    TransportAddress.low(network),
                    mask(Math.min(prefix, Long.SIZE)),
                    mask(Math.max(prefix - Long.SIZE, 0)));
        }

        private static long mask(int ones) {
            return ones == 0 ? 0 : -1L << (Long.SIZE - ones);
        }

        boolean contains(long otherHigh, long otherLow) {
            return (otherHigh & highMask) == high && (otherLow & lowMask) == low;
        }
    }
}
