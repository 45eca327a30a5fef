package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.MOBILITY_TICKET;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The allocations that a [Ledger] knows of, of all shards.
final class LedgerEntries {

    private record Name(int shard, AllocationId id) {}

    private final Map<Name, LedgerEntry> entries = new LinkedHashMap<>();

    /// May be changed.
    Collection<LedgerEntry> all() {
        return entries.values();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int size() {
        return entries.size();
    }

    LedgerEntry atOrMade(int shard, AllocationId id, Supplier<LedgerEntry> made) {
        return entries.computeIfAbsent(new Name(shard, id), _ -> made.get());
    }

    LedgerEntry at(int shard, AllocationId id) {
        LedgerEntry entry = entries.get(new Name(shard, id));
        assertThat(entry).as("an allocation %s of shard %d", id, shard).isNotNull();
        return Objects.requireNonNull(entry);
    }

    @Nullable LedgerEntry owned(int shard, FiveTuple client) {
        return entries.values().stream()
                .filter(entry -> entry.shard == shard)
                .filter(entry -> entry.owns(client) && entry.isLive())
                .findFirst()
                .orElse(null);
    }

    /// Whether that client waits for an allocation.
    boolean isPending(int shard, FiveTuple client) {
        return entries.values().stream()
                .filter(entry -> entry.shard == shard && entry.client.equals(client))
                .anyMatch(entry -> entry.isPending() && !entry.abandoned);
    }

    /// The allocation whose ticket a request shows, or null if it is over.
    @Nullable LedgerEntry shown(StunMessage request) {
        Ticket ticket =
                Ticket.of(
                        new TestSeal()
                                .open(request.find(MOBILITY_TICKET).orElseThrow())
                                .orElseThrow());
        LedgerEntry entry = entries.get(new Name(ticket.home(), ticket.allocation()));
        return entry == null || !entry.isLive() ? null : entry;
    }

    /// Whom those allocations count for.
    List<HoldingLedger.Holding> holdings(Predicate<LedgerEntry> which) {
        return entries.values().stream().filter(which).map(LedgerEntry::holding).toList();
    }

    /// Whom what allocations hold counts for.
    List<HoldingLedger.Holding> holdings(Resource resource) {
        return entries.values().stream()
                .flatMap(
                        entry ->
                                Collections.nCopies(entry.held(resource), entry.holding()).stream())
                .toList();
    }
}
