package io.hairpin.server.relay;

import io.hairpin.server.core.RelaySpec;
import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.stun.AddressFamily;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// The addresses that relays are opened on, each with its ports. Those of one family take turns.
/// Thread-safe: shared by all shards.
public final class RelayAddresses {

    /// A relay address with its ports.
    private record Site(RelayAddress address, RelayPorts ports) {

        InetSocketAddress bound(int port) {
            return new InetSocketAddress(address.bind(), port);
        }

        InetSocketAddress relayed(int port) {
            return new InetSocketAddress(address.advertise(), port);
        }
    }

    /// A port taken for a relay, which its holder gives back by [#release].
    ///
    /// @param bind what to bind the socket to
    /// @param relayed the same as clients and peers see it
    /// @param reserved the next higher port, if it was taken too
    record Lease(
            InetSocketAddress bind,
            InetSocketAddress relayed,
            @Nullable InetSocketAddress reserved) {}

    private final Map<AddressFamily, List<Site>> sites;
    private final Map<InetAddress, Site> byAdvertised;
    private final AtomicInteger turn = new AtomicInteger();

    /// @param addresses no two of which may share a bound or an advertised address
    /// @param random what ports are drawn with; cryptographically strong and thread-safe
    public RelayAddresses(
            List<RelayAddress> addresses, int firstPort, int lastPort, RandomGenerator random) {
        List<Site> all =
                addresses.stream()
                        .map(each -> new Site(each, new RelayPorts(firstPort, lastPort, random)))
                        .toList();
        sites = all.stream().collect(Collectors.groupingBy(site -> site.address().family()));
        byAdvertised =
                all.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        site -> site.address().advertise(), Function.identity()));
    }

    public Set<AddressFamily> families() {
        return sites.keySet();
    }

    /// How many ports are free, on all addresses together.
    public int freePorts() {
        return byAdvertised.values().stream().mapToInt(site -> site.ports().free()).sum();
    }

    /// Takes what `spec` asks for, or nothing if it is not to be had.
    Optional<Lease> lease(RelaySpec spec) {
        if (spec.port() instanceof PortChoice.Reserved(InetSocketAddress relayed)) {
            return Optional.of(new Lease(bound(relayed), relayed, null));
        }
        List<Site> candidates = sites.getOrDefault(spec.family(), List.of());
        int start = turn.getAndIncrement();
        for (int i = 0; i < candidates.size(); i++) {
            Site site = candidates.get(Math.floorMod(start + i, candidates.size()));
            Optional<Lease> lease = lease(site, spec.port());
            if (lease.isPresent()) {
                return lease;
            }
        }
        return Optional.empty();
    }

    /// What to bind for a relayed transport address.
    InetSocketAddress bound(InetSocketAddress relayed) {
        return site(relayed).bound(relayed.getPort());
    }

    /// Gives back the port of a relayed transport address.
    void release(InetSocketAddress relayed) {
        site(relayed).ports().release(relayed.getPort());
    }

    private static Optional<Lease> lease(Site site, PortChoice choice) {
        boolean pair = choice instanceof PortChoice.Even(boolean reserveNext) && reserveNext;
        OptionalInt taken =
                switch (choice) {
                    case PortChoice.Any() -> site.ports().takeAny();
                    case PortChoice.Even _ ->
                            pair ? site.ports().takePair() : site.ports().takeEven();
                    case PortChoice.Reserved reserved ->
                            throw new IllegalStateException("taken already: " + reserved);
                };
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        int port = taken.getAsInt();
        return Optional.of(
                new Lease(
                        site.bound(port),
                        site.relayed(port),
                        pair ? site.relayed(port + 1) : null));
    }

    private Site site(InetSocketAddress relayed) {
        Site site = byAdvertised.get(relayed.getAddress());
        if (site == null) {
            throw new IllegalArgumentException("no relay address of ours: " + relayed);
        }
        return site;
    }
}
