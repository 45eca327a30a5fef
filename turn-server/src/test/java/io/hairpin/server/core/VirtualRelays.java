package io.hairpin.server.core;

import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.stun.AddressFamily;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The relayed transport addresses of a simulated server: which are taken, and which of these are
/// open. Shared by its shards. Few enough that they run out.
final class VirtualRelays {

    /// An address to open a relay on, and the next one if it is to be kept free.
    record Lease(InetSocketAddress relayed, Optional<InetSocketAddress> reserved) {}

    private final Map<AddressFamily, InetAddress> hosts = new EnumMap<>(AddressFamily.class);
    private final int firstPort;
    private final int ports;
    private final RandomGenerator random;
    private final Set<InetSocketAddress> taken = new HashSet<>();
    private final Set<InetSocketAddress> open = new HashSet<>();

    VirtualRelays(List<InetAddress> hosts, int firstPort, int ports, RandomGenerator random) {
        hosts.forEach(host -> this.hosts.put(AddressFamily.of(host), host));
        this.firstPort = firstPort;
        this.ports = ports;
        this.random = random;
    }

    Optional<Lease> lease(RelaySpec spec) {
        return switch (spec.port()) {
            case PortChoice.Any() -> pick(free(spec.family(), 1, false), false);
            case PortChoice.Even(boolean reserveNext) ->
                    pick(free(spec.family(), reserveNext ? 2 : 1, true), reserveNext);
            case PortChoice.Reserved(InetSocketAddress relayed) -> {
                if (!taken.contains(relayed) || open.contains(relayed)) {
                    throw new AssertionError("not reserved: " + relayed);
                }
                yield Optional.of(new Lease(relayed, Optional.empty()));
            }
        };
    }

    private List<InetSocketAddress> free(AddressFamily family, int inARow, boolean even) {
        List<InetSocketAddress> free = new ArrayList<>();
        for (int port = firstPort; port + inARow <= firstPort + ports; port++) {
            InetSocketAddress address = new InetSocketAddress(hosts.get(family), port);
            boolean free1 = !taken.contains(address);
            boolean free2 = inARow == 1 || !taken.contains(next(address));
            if (free1 && free2 && (!even || port % 2 == 0)) {
                free.add(address);
            }
        }
        return free;
    }

    private Optional<Lease> pick(List<InetSocketAddress> free, boolean reserveNext) {
        if (free.isEmpty()) {
            return Optional.empty();
        }
        InetSocketAddress relayed = free.get(random.nextInt(free.size()));
        taken.add(relayed);
        Optional<InetSocketAddress> reserved =
                reserveNext ? Optional.of(next(relayed)) : Optional.empty();
        reserved.ifPresent(taken::add);
        return Optional.of(new Lease(relayed, reserved));
    }

    private static InetSocketAddress next(InetSocketAddress address) {
        return new InetSocketAddress(address.getAddress(), address.getPort() + 1);
    }

    void opened(InetSocketAddress relayed) {
        if (!taken.contains(relayed) || !open.add(relayed)) {
            throw new AssertionError("cannot be opened: " + relayed);
        }
    }

    void closed(InetSocketAddress relayed) {
        if (!open.remove(relayed)) {
            throw new AssertionError("not open: " + relayed);
        }
        release(relayed);
    }

    /// Frees an address that is not open.
    void release(InetSocketAddress relayed) {
        if (open.contains(relayed) || !taken.remove(relayed)) {
            throw new AssertionError("cannot be released: " + relayed);
        }
    }

    boolean isOpen(InetSocketAddress relayed) {
        return open.contains(relayed);
    }

    boolean isHost(InetAddress address) {
        return hosts.containsValue(address);
    }

    /// Any port of the range, taken or not.
    InetSocketAddress any(AddressFamily family, RandomGenerator chance) {
        return new InetSocketAddress(hosts.get(family), firstPort + chance.nextInt(ports));
    }

    Set<InetSocketAddress> taken() {
        return taken;
    }
}
