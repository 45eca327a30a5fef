package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// The limits of a simulated server besides its quotas. Judges each decision about bandwidth by
/// books of its own, and each refusal by what the [Ledger] knows of.
final class SimulatedLimits {

    /// What a book is about: an allocation, the name of a user, or the server.
    private record Subject(Object whose, boolean toPeers) {}

    private static final String SERVER = "\tserver";

    private final BandwidthLimits bandwidth;
    private final int shards;
    private final int perAddress;
    private final SharedLimits shared;
    private final Map<Subject, BandwidthBook> books = new HashMap<>();

    private SimulatedLimits(BandwidthLimits bandwidth, int shards, int perAddress) {
        this.bandwidth = bandwidth;
        this.shards = shards;
        this.perAddress = perAddress;
        shared =
                new SharedLimits(
                        new SourceQuotas(perAddress, 1000, List.of()),
                        new SharedBandwidth(bandwidth),
                        new Refusals());
    }

    /// So tight that there is something to see, and in most worlds none at all.
    static SimulatedLimits drawnFrom(RandomGenerator random, int shards) {
        return new SimulatedLimits(
                new BandwidthLimits(
                        bandwidth(random, 1), bandwidth(random, 1), bandwidth(random, 3)),
                shards,
                random.nextInt(2, 20));
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
        Owner user = new Owner(allocation.realm.name(), Quotas.owner(allocation.username));
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

    /// Whether allocations from there may be refused.
    boolean isFull(Collection<LedgerEntry> allocations, InetAddress source) {
        return allocations.stream().filter(each -> each.source.equals(source)).count()
                >= perAddress;
    }

    /// What is counted is what there is.
    void settled(Collection<LedgerEntry> allocations) {
        long most =
                allocations.stream()
                        .map(each -> each.source)
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                        .values()
                        .stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(0);
        assertThat(shared.sources().mostOfAddress())
                .isEqualTo(most)
                .isLessThanOrEqualTo(perAddress);
    }

    /// All is where it was in the beginning, once what was used has come back.
    void checkNothingIsLeft(long nowNanos, Tally tally) {
        assertThat(Leftovers.in(shared.sources())).isEmpty();
        assertThat(shared.bandwidth().users(nowNanos + Duration.ofHours(1).toNanos())).isZero();
        assertThat(Leftovers.in(shared.bandwidth())).isEmpty();
        for (Limit limit : Limit.values()) {
            if (shared.refusals().of(limit) > 0) {
                tally.count("met: " + limit.key());
            }
        }
    }
}
