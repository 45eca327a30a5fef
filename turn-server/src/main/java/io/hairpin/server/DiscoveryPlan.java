package io.hairpin.server;

import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.ListenerConfig;
import io.hairpin.server.config.ListenerTransport;
import io.hairpin.server.config.NatDiscoveryConfig;
import io.hairpin.server.core.NatDiscovery;
import io.hairpin.server.core.NatDiscovery.Host;
import io.hairpin.server.core.SourceRates;
import io.hairpin.server.core.Transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The two addresses and two ports that NAT behaviour discovery needs listeners at.
///
/// @param config what is configured
/// @param primary the listener whose address and port are the primary ones
record DiscoveryPlan(NatDiscoveryConfig config, ListenerConfig primary) {

    /// Empty if discovery is off.
    static Optional<DiscoveryPlan> of(Configuration configuration) {
        return configuration
                .natDiscovery()
                .flatMap(
                        config ->
                                config.primary(configuration.listeners())
                                        .map(primary -> new DiscoveryPlan(config, primary)));
    }

    /// The configured listeners, and those that are missing of the four for each carrier that the
    /// primary address and port are served over.
    static List<ListenerConfig> listeners(Configuration configuration) {
        List<ListenerConfig> all = new ArrayList<>(configuration.listeners());
        of(configuration)
                .ifPresent(
                        plan -> {
                            for (ListenerTransport carrier : plan.carriers(all)) {
                                plan.endpoints().stream()
                                        .filter(each -> !isServed(all, carrier, each))
                                        .map(
                                                each ->
                                                        new ListenerConfig(
                                                                carrier,
                                                                each.getAddress(),
                                                                each.getPort()))
                                        .forEach(all::add);
                            }
                        });
        return all;
    }

    NatDiscovery discovery(List<ListenerConfig> listeners, long seed) {
        Set<Transport> carriers = EnumSet.noneOf(Transport.class);
        for (ListenerTransport carrier : carriers(listeners)) {
            carriers.add(carrier == ListenerTransport.UDP ? Transport.UDP : Transport.TCP);
        }
        return new NatDiscovery(
                host(primary.address(), config.advertise()),
                host(config.alternateAddress(), config.alternateAdvertise()),
                primary.port(),
                config.alternatePort(),
                carriers,
                new SourceRates(config.requestsPerSource(), config.requestsPerSecond(), seed));
    }

    /// The four as the world sees them, where that is not as they are.
    List<InetSocketAddress> advertised() {
        return Stream.of(config.advertise(), config.alternateAdvertise())
                .flatMap(Optional::stream)
                .flatMap(this::onBothPorts)
                .toList();
    }

    /// What it comes to, for people to read.
    List<String> describe() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "NAT discovery on "
                        + text(primary.address(), config.advertise())
                        + " and "
                        + text(config.alternateAddress(), config.alternateAdvertise())
                        + ", ports "
                        + primary.port()
                        + " and "
                        + config.alternatePort());
        for (InetAddress address : List.of(primary.address(), config.alternateAddress())) {
            if (config.advertise().isEmpty() && RelayPlan.isPrivate(address)) {
                lines.add(
                        "warning: NAT discovery: "
                                + Text.of(address)
                                + " is private: clients elsewhere are told to go where they cannot;"
                                + " behind a NAT set nat-discovery.advertise and"
                                + " alternate-advertise to the public addresses");
            }
        }
        return lines;
    }

    private static String text(InetAddress bound, Optional<InetAddress> advertised) {
        return advertised
                .map(each -> Text.of(bound) + ", seen by clients as " + Text.of(each))
                .orElse(Text.of(bound));
    }

    private static Host host(InetAddress bound, Optional<InetAddress> advertised) {
        return new Host(bound, advertised.orElse(bound));
    }

    private List<InetSocketAddress> endpoints() {
        return Stream.of(primary.address(), config.alternateAddress())
                .flatMap(this::onBothPorts)
                .toList();
    }

    private Stream<InetSocketAddress> onBothPorts(InetAddress address) {
        return Stream.of(primary.port(), config.alternatePort())
                .map(port -> new InetSocketAddress(address, port));
    }

    private Set<ListenerTransport> carriers(List<ListenerConfig> listeners) {
        Set<ListenerTransport> carriers = EnumSet.of(ListenerTransport.UDP);
        InetSocketAddress at = new InetSocketAddress(primary.address(), primary.port());
        if (isServed(listeners, ListenerTransport.TCP, at)) {
            carriers.add(ListenerTransport.TCP);
        }
        return carriers;
    }

    private static boolean isServed(
            List<ListenerConfig> listeners, ListenerTransport carrier, InetSocketAddress at) {
        return listeners.stream()
                .anyMatch(
                        each ->
                                each.transport().carrier() == carrier
                                        && each.address().equals(at.getAddress())
                                        && each.port() == at.getPort());
    }
}
