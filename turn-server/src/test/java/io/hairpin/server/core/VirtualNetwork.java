package io.hairpin.server.core;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Carries datagrams between addresses as badly as its [NetworkFaults] say.
final class VirtualNetwork {

    /// Whoever is at an address.
    interface Host {
        void received(InetSocketAddress from, InetSocketAddress to, byte[] payload);

        /// Nobody is at an address that this host has sent something to.
        default void unreachable(InetSocketAddress destination) {}
    }

    private final Simulation simulation;
    private final NetworkFaults faults;
    private final RandomGenerator random;
    private final Map<InetSocketAddress, Host> hosts = new HashMap<>();

    VirtualNetwork(Simulation simulation, NetworkFaults faults) {
        this.simulation = simulation;
        this.faults = faults;
        random = simulation.randomness();
    }

    NetworkFaults faults() {
        return faults;
    }

    void attach(InetSocketAddress address, Host host) {
        if (hosts.putIfAbsent(address, host) != null) {
            throw new AssertionError("two hosts at " + address);
        }
    }

    void detach(InetSocketAddress address) {
        if (hosts.remove(address) == null) {
            throw new AssertionError("no host at " + address);
        }
    }

    void send(InetSocketAddress from, InetSocketAddress to, byte[] payload) {
        if (random.nextDouble() >= faults.loss()) {
            deliver(from, to, payload);
        }
        if (random.nextDouble() < faults.duplication()) {
            deliver(from, to, payload);
        }
    }

    private void deliver(InetSocketAddress from, InetSocketAddress to, byte[] payload) {
        simulation.after(
                delay(),
                () -> {
                    Host host = hosts.get(to);
                    if (host != null) {
                        simulation.note(
                                Arrays.hashCode(payload),
                                () -> "datagram " + from + " > " + to + " " + words(payload));
                        host.received(from, to, payload);
                    } else {
                        refuse(from, to);
                    }
                });
    }

    private void refuse(InetSocketAddress sender, InetSocketAddress destination) {
        simulation.after(
                delay(),
                () -> {
                    Host host = hosts.get(sender);
                    if (host != null) {
                        host.unreachable(destination);
                    }
                });
    }

    /// How long something is under way.
    long delay() {
        long nanos = 1 + random.nextLong(faults.delay().toNanos());
        return random.nextDouble() < faults.straggling() ? 10 * nanos : nanos;
    }

    static String words(byte[] payload) {
        String text = new String(payload, 0, Math.min(payload.length, 60), ISO_8859_1);
        return payload.length + " bytes " + text.replaceAll("[^ -~]", ".");
    }
}
