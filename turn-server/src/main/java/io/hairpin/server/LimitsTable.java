package io.hairpin.server;

import io.hairpin.server.config.BandwidthConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.DataRate;
import io.hairpin.server.config.DurationText;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.config.NatDiscoveryConfig;
import io.hairpin.server.config.RealmConfig;
import io.hairpin.server.config.RealmLimitsConfig;
import io.hairpin.server.config.SourcesConfig;
import io.hairpin.server.core.Quotas;
import io.hairpin.server.core.Resource;
import io.hairpin.server.core.SourceQuotas;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The limits of a configuration as they are in effect, for people to read.
public final class LimitsTable {

    /// What is not limited by itself, but by how much there can be of what it belongs to.
    private static final String NONE = "-";

    private final List<String> lines = new ArrayList<>();

    private LimitsTable() {}

    /// A line for each resource, under a heading.
    public static List<String> describe(Configuration configuration) {
        LimitsTable table = new LimitsTable();
        LimitsConfig limits = configuration.limits();
        table.row("limits", "server", "user", "address", "network", "allocation");
        List<Resource> resources = HoldingPlan.resources(configuration);
        resources.forEach(resource -> table.holding(resource, limits));
        if (configuration.relay().mobility()) {
            table.row("moves a minute", NONE, NONE, NONE, NONE, limits.movesPerMinute());
        }
        table.row(
                "strangers a second",
                limits.unauthenticatedInAll(),
                NONE,
                limits.unauthenticatedPerSource(),
                limits.unauthenticatedPerNetwork(),
                NONE);
        table.connections(limits, configuration.tls().hasCertificate());
        configuration.natDiscovery().ifPresent(table::discovery);
        table.bandwidth(limits.bandwidth());
        table.row(
                "lifetime",
                NONE,
                NONE,
                NONE,
                NONE,
                DurationText.format(limits.defaultLifetime())
                        + " to "
                        + DurationText.format(limits.maxLifetime()));
        configuration.realms().forEach(realm -> table.realm(realm, configuration));
        return table.lines;
    }

    private void holding(Resource resource, LimitsConfig limits) {
        Quotas quotas = HoldingPlan.quotas(resource, limits);
        SourceQuotas bySource = HoldingPlan.quotas(resource, limits.sources(), List.of());
        row(
                name(resource),
                quotas.limit(),
                resource.countsUsers() ? quotas.userLimit() : NONE,
                bySource.addressLimit(),
                bySource.networkLimit(),
                ofAllocation(resource, limits));
    }

    private static String name(Resource resource) {
        return switch (resource) {
            case ALLOCATION -> "allocations";
            case PERMISSION -> "permissions";
            case CHANNEL -> "channels";
            case RESERVATION -> "reserved ports";
            case PEER_CONNECTION -> "peer connections";
            case MOVE -> "moves under way";
            case AUTHENTICATION -> "look-ups of users";
        };
    }

    private static Object ofAllocation(Resource resource, LimitsConfig limits) {
        return switch (resource) {
            case ALLOCATION, AUTHENTICATION -> NONE;
            case PERMISSION -> limits.permissionsPerAllocation();
            case CHANNEL -> limits.channelsPerAllocation();
            case RESERVATION, MOVE -> 1;
            case PEER_CONNECTION -> limits.peerConnectionsPerAllocation();
        };
    }

    private void connections(LimitsConfig limits, boolean isSecured) {
        SourcesConfig sources = limits.sources();
        int perAddress = sources.connectionsPerAddress();
        int perNetwork = sources.connectionsPerNetwork();
        row("TCP connections", limits.tcpConnections(), NONE, perAddress, perNetwork, NONE);
        if (isSecured) {
            row("DTLS sessions", limits.dtlsSessions(), NONE, "with TCP", "with TCP", NONE);
            row(
                    "TLS handshakes",
                    limits.tlsHandshakes(),
                    NONE,
                    sources.handshakesPerAddress(),
                    sources.handshakesPerNetwork(),
                    NONE);
            row("DTLS handshakes", limits.dtlsHandshakes(), NONE, "with TLS", "with TLS", NONE);
        }
    }

    private void discovery(NatDiscoveryConfig discovery) {
        row(
                "discovery a second",
                discovery.requestsPerSecond(),
                NONE,
                discovery.requestsPerSource(),
                NONE,
                NONE);
    }

    /// What is above a wider limit can never be reached alone; what holds is shown.
    private void bandwidth(BandwidthConfig bandwidth) {
        DataRate user = least(bandwidth.perUser(), bandwidth.server());
        row(
                "bandwidth",
                bandwidth.server(),
                user,
                NONE,
                NONE,
                least(bandwidth.perAllocation(), user));
    }

    private static DataRate least(DataRate one, DataRate other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /// What a realm has of its own; what the server has less of is all there is.
    private void realm(RealmConfig realm, Configuration configuration) {
        LimitsConfig server = configuration.limits();
        RealmLimitsConfig its = realm.limits();
        realmRow("limits of a realm", realm.name(), "its user");
        for (Resource resource : HoldingPlan.resources(configuration)) {
            Quotas whole = HoldingPlan.quotas(resource, server);
            Quotas part = HoldingPlan.quotas(resource, whole, its);
            realmRow(
                    name(resource),
                    Math.min(part.limit(), whole.limit()),
                    resource.countsUsers() ? part.userLimit() : NONE);
        }
        DataRate most = least(its.bandwidth().realm(), server.bandwidth().server());
        realmRow("bandwidth", most, least(server.bandwidth().perUser(), most));
    }

    private void row(Object... cells) {
        lines.add(String.format(Locale.ROOT, "%-20s %-10s %-10s %-10s %-10s %s", cells));
    }

    private void realmRow(Object... cells) {
        lines.add(String.format(Locale.ROOT, "%-20s %-10s %s", cells));
    }
}
