package io.hairpin.server;

import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.config.RealmLimitsConfig;
import io.hairpin.server.config.RelayConfig;
import io.hairpin.server.config.SourcesConfig;
import io.hairpin.server.core.Cidr;
import io.hairpin.server.core.Quotas;
import io.hairpin.server.core.Resource;
import io.hairpin.server.core.SourceQuotas;

import java.util.List;
import java.util.stream.Stream;

/// How much clients may hold of each [Resource], as a configuration has it.
final class HoldingPlan {
    private HoldingPlan() {}

    /// What a server of that configuration has at all.
    static List<Resource> resources(Configuration configuration) {
        RelayConfig relay = configuration.relay();
        return Stream.of(Resource.values())
                .filter(
                        resource ->
                                switch (resource) {
                                    case ALLOCATION, PERMISSION, CHANNEL, RESERVATION -> true;
                                    case PEER_CONNECTION -> relay.tcp();
                                    case MOVE -> relay.mobility();
                                    case AUTHENTICATION -> LookUpPlan.areOn(configuration);
                                })
                .toList();
    }

    /// What there may be in the whole server, and what each user of the first realm may have.
    static Quotas quotas(Resource resource, LimitsConfig limits) {
        return switch (resource) {
            case ALLOCATION -> new Quotas(limits.allocations(), limits.allocationsPerUser());
            case PERMISSION -> new Quotas(limits.permissions(), limits.permissionsPerUser());
            case CHANNEL -> new Quotas(limits.channels(), limits.channelsPerUser());
            case RESERVATION -> new Quotas(limits.reservations(), limits.reservationsPerUser());
            case PEER_CONNECTION ->
                    new Quotas(limits.peerConnections(), limits.peerConnectionsPerUser());
            case MOVE -> new Quotas(limits.moves(), limits.movesPerUser());
            case AUTHENTICATION ->
                    new Quotas(limits.pendingAuthentications(), limits.pendingAuthentications());
        };
    }

    /// What there may be in a realm beside the first, as part of the whole.
    static Quotas quotas(Resource resource, Quotas whole, RealmLimitsConfig its) {
        return switch (resource) {
            case ALLOCATION -> whole.part(its.allocations(), its.allocationsPerUser());
            case PERMISSION -> whole.part(its.permissions(), its.permissionsPerUser());
            case CHANNEL -> whole.part(its.channels(), its.channelsPerUser());
            case RESERVATION -> whole.part(its.reservations(), its.reservationsPerUser());
            case PEER_CONNECTION -> whole.part(its.peerConnections(), its.peerConnectionsPerUser());
            case MOVE -> whole.part(its.moves(), its.movesPerUser());
            case AUTHENTICATION ->
                    whole.part(its.pendingAuthentications(), its.pendingAuthentications());
        };
    }

    /// What those of one address, and of one network, may have.
    static SourceQuotas quotas(Resource resource, SourcesConfig sources, List<Cidr> exempt) {
        return switch (resource) {
            case ALLOCATION ->
                    new SourceQuotas(
                            sources.allocationsPerAddress(),
                            sources.allocationsPerNetwork(),
                            exempt);
            case PERMISSION ->
                    new SourceQuotas(
                            sources.permissionsPerAddress(),
                            sources.permissionsPerNetwork(),
                            exempt);
            case CHANNEL ->
                    new SourceQuotas(
                            sources.channelsPerAddress(), sources.channelsPerNetwork(), exempt);
            case RESERVATION ->
                    new SourceQuotas(
                            sources.reservationsPerAddress(),
                            sources.reservationsPerNetwork(),
                            exempt);
            case PEER_CONNECTION ->
                    new SourceQuotas(
                            sources.peerConnectionsPerAddress(),
                            sources.peerConnectionsPerNetwork(),
                            exempt);
            case MOVE ->
                    new SourceQuotas(sources.movesPerAddress(), sources.movesPerNetwork(), exempt);
            case AUTHENTICATION ->
                    new SourceQuotas(
                            sources.pendingAuthenticationsPerAddress(),
                            sources.pendingAuthenticationsPerNetwork(),
                            exempt);
        };
    }
}
