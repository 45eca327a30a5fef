package io.hairpin.server.core;

import io.hairpin.stun.TransportAddress;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/// Counts what clients hold by where they come from: their address, which for IPv6 is a /64, and
/// their network, a /24 of IPv4 or a /48 of IPv6. Shared by all shards, thread-safe.
///
/// Exact: there is an entry for each address and network that holds something, and none besides. So
/// there are never more than twice as many as what is counted, which has a limit of its own.
public final class SourceQuotas {

    /// What came of asking for one more.
    public enum Outcome {
        GRANTED,
        ADDRESS_LIMIT,
        NETWORK_LIMIT
    }

    private enum Width {
        ADDRESS(0, 0),
        NETWORK(8, 16);

        /// The bits that do not count.
        private final int ofIpv4;

        private final int ofIpv6Prefix;

        Width(int ofIpv4, int ofIpv6Prefix) {
            this.ofIpv4 = ofIpv4;
            this.ofIpv6Prefix = ofIpv6Prefix;
        }

        Prefix of(InetAddress source) {
            long high = TransportAddress.withoutScope(TransportAddress.high(source));
            long low = TransportAddress.low(source);
            boolean isIpv4 = TransportAddress.isIpv4(high, low);
            return new Prefix(this, isIpv4, isIpv4 ? low >>> ofIpv4 : high >>> ofIpv6Prefix);
        }
    }

    private record Prefix(Width width, boolean isIpv4, long bits) {}

    /// No limit: nothing is counted.
    public static final SourceQuotas NONE =
            new SourceQuotas(Integer.MAX_VALUE, Integer.MAX_VALUE, _ -> true);

    private final int perAddress;
    private final int perNetwork;
    private final Predicate<InetAddress> exempt;
    private final ConcurrentMap<Prefix, Integer> held = new ConcurrentHashMap<>();

    /// @param exempt the ranges of those who may hold as much as they like
    public SourceQuotas(int perAddress, int perNetwork, List<Cidr> exempt) {
        this(perAddress, perNetwork, address -> isWithin(exempt, address));
    }

    private SourceQuotas(int perAddress, int perNetwork, Predicate<InetAddress> exempt) {
        this.perAddress = perAddress;
        this.perNetwork = perNetwork;
        this.exempt = exempt;
    }

    private static boolean isWithin(List<Cidr> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /// Counts one more, if there may be one.
    public Outcome tryAcquire(InetAddress source) {
        if (exempt.test(source)) {
            return Outcome.GRANTED;
        }
        Prefix address = Width.ADDRESS.of(source);
        if (add(address) > perAddress) {
            subtract(address);
            return Outcome.ADDRESS_LIMIT;
        }
        Prefix network = Width.NETWORK.of(source);
        if (add(network) > perNetwork) {
            subtract(network);
            subtract(address);
            return Outcome.NETWORK_LIMIT;
        }
        return Outcome.GRANTED;
    }

    /// Gives back what was granted to that source.
    public void release(InetAddress source) {
        if (!exempt.test(source)) {
            subtract(Width.NETWORK.of(source));
            subtract(Width.ADDRESS.of(source));
        }
    }

    private int add(Prefix prefix) {
        return held.merge(prefix, 1, Integer::sum);
    }

    private void subtract(Prefix prefix) {
        held.computeIfPresent(prefix, (_, count) -> count == 1 ? null : count - 1);
    }

    /// How many there may be of each address.
    public int addressLimit() {
        return perAddress;
    }

    /// How many there may be of each network.
    public int networkLimit() {
        return perNetwork;
    }

    /// What the address holds that holds most.
    public int mostOfAddress() {
        return most(Width.ADDRESS);
    }

    /// What the network holds that holds most.
    public int mostOfNetwork() {
        return most(Width.NETWORK);
    }

    private int most(Width width) {
        return held.entrySet().stream()
                .filter(entry -> entry.getKey().width() == width)
                .mapToInt(Map.Entry::getValue)
                .max()
                .orElse(0);
    }
}
