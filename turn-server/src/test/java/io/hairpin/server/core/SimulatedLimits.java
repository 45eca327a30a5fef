package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The limits of a simulated server besides its quotas. Judges each decision about bandwidth by
/// books of its own, and each refusal by what the [Ledger] knows of.
final class SimulatedLimits {

    /// What a book is about: an allocation, a user, a realm, or the server.
    private record Subject(Object whose, boolean toPeers) {}

    private static final String SERVER = "\tserver";

    private final BandwidthLimits bandwidth;
    private final int shards;
    private final SharedLimits shared;
    private final Map<Subject, BandwidthBook> books = new HashMap<>();

    private SimulatedLimits(
            BandwidthLimits bandwidth, int shards, ByResource<SourceQuotas> sources) {
        this.bandwidth = bandwidth;
        this.shards = shards;
        shared = new SharedLimits(sources, new SharedBandwidth(bandwidth), new Refusals());
    }

    /// So tight that there is something to see, and in most worlds none at all.
    static SimulatedLimits drawnFrom(RandomGenerator random, int shards) {
        Bandwidth allocation = bandwidth(random, 1);
        Bandwidth user = bandwidth(random, 1);
        Bandwidth server = bandwidth(random, 3);
        Bandwidth realm = bandwidth(random, 1);
        Map<String, Bandwidth> realms =
                realm == null ? Map.of() : Map.of(ClientCredentials.OTHER_REALM_NAME, realm);
        return new SimulatedLimits(
                new BandwidthLimits(allocation, user, server, realms, false),
                shards,
                ByResource.of(each -> perAddress(each, random)));
    }

    private static SourceQuotas perAddress(Resource resource, RandomGenerator random) {
        int most =
                switch (resource) {
                    case ALLOCATION -> random.nextInt(2, 20);
                    case PERMISSION -> random.nextInt(2, 30);
                    case CHANNEL -> random.nextInt(1, 16);
                    case RESERVATION -> random.nextInt(1, 5);
                    case PEER_CONNECTION -> random.nextInt(1, 9);
                    case MOVE -> random.nextInt(6);
                    case AUTHENTICATION -> random.nextInt(1, 4);
                };
        return new SourceQuotas(most, 1000, List.of());
    }

    /// A packet of these worlds is of some twenty bytes.
    private static @Nullable Bandwidth bandwidth(RandomGenerator random, int times) {
        return random.nextInt(3) > 0
                ? null
                : new Bandwidth(
                        (long) random.nextInt(1, 8) * times,
                        Duration.ofSeconds(random.nextInt(10)),
                        40);
    }

    SharedLimits shared() {
        return shared;
    }

    /// Lets data pass to a peer, or says why not.
    @Nullable DropReason passToPeer(Allocation allocation, int bytes, long nowNanos) {
        DropReason excess = allocation.passToPeer(bytes, nowNanos);
        judge(allocation, true, bytes, excess, nowNanos);
        return excess;
    }

    /// The same for the way to the client.
    @Nullable DropReason passToClient(Allocation allocation, int bytes, long nowNanos) {
        DropReason excess = allocation.passToClient(bytes, nowNanos);
        judge(allocation, false, bytes, excess, nowNanos);
        return excess;
    }

    private void judge(
            Allocation allocation,
            boolean toPeers,
            int bytes,
            @Nullable DropReason excess,
            long nowNanos) {
        Owner user = allocation.holder.user();
        judge(
                bandwidth.allocation(),
                new Subject(allocation, toPeers),
                0,
                DropReason.ALLOCATION_BANDWIDTH,
                bytes,
                excess,
                nowNanos);
        judge(
                bandwidth.user(),
                new Subject(user, toPeers),
                shards,
                DropReason.USER_BANDWIDTH,
                bytes,
                excess,
                nowNanos);
        judge(
                bandwidth.realms().get(user.realm()),
                new Subject(user.realm() + "\trealm", true),
                shards,
                DropReason.REALM_BANDWIDTH,
                bytes,
                excess,
                nowNanos);
        judge(
                bandwidth.server(),
                new Subject(SERVER, true),
                shards,
                DropReason.SERVER_BANDWIDTH,
                bytes,
                excess,
                nowNanos);
    }

    private void judge(
            @Nullable Bandwidth limit,
            Subject subject,
            int shares,
            DropReason reason,
            int bytes,
            @Nullable DropReason excess,
            long nowNanos) {
        if (limit == null) {
            assertThat(excess).isNotEqualTo(reason);
        } else if (excess == null || excess == reason) {
            books.computeIfAbsent(subject, _ -> new BandwidthBook(limit, shares))
                    .check(excess == null, bytes, nowNanos);
        }
    }

    /// All is where it was in the beginning, once what was used has come back.
    void checkNothingIsLeft(long nowNanos, Tally tally) {
        for (Resource resource : Resource.values()) {
            assertThat(Leftovers.in(shared.sources().of(resource))).isEmpty();
        }
        assertThat(shared.bandwidth().users(nowNanos + Duration.ofHours(1).toNanos())).isZero();
        assertThat(Leftovers.in(shared.bandwidth())).isEmpty();
        for (Limit limit : Limit.values()) {
            for (long met = shared.refusals().of(limit); met > 0; met--) {
                tally.count("met: " + limit.key());
            }
        }
    }
}
