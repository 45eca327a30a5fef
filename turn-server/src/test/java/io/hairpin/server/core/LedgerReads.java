package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// The part of the [Ledger] on data: what a data path reads of its allocation has been granted.
///
/// @param reachable whether the peer policy lets anybody reach a transport address now
record LedgerReads(
        LedgerEntries entries, Predicate<InetSocketAddress> reachable, LongSupplier clock) {

    void channelRead(int shard, AllocationId id, int number, @Nullable InetSocketAddress peer) {
        assertThat(peer)
                .as("peer of channel 0x%x", number)
                .isEqualTo(entries.at(shard, id).peerOf(number, clock.getAsLong()));
    }

    void channelToRead(
            int shard, AllocationId id, InetSocketAddress peer, @Nullable Integer number) {
        assertThat(number)
                .as("channel to %s", peer)
                .isEqualTo(entries.at(shard, id).channelTo(peer, clock.getAsLong()));
    }

    void permissionRead(
            int shard, AllocationId id, InetSocketAddress peer, @Nullable DropReason refusal) {
        boolean permitted = entries.at(shard, id).permits(peer.getAddress(), clock.getAsLong());
        DropReason expected = permitted ? policyOn(peer) : DropReason.NO_PERMISSION;
        assertThat(refusal).as("refusal of %s", peer).isEqualTo(expected);
    }

    void policyRead(InetSocketAddress peer, @Nullable DropReason refusal) {
        assertThat(refusal).as("refusal of %s", peer).isEqualTo(policyOn(peer));
    }

    private @Nullable DropReason policyOn(InetSocketAddress peer) {
        return reachable.test(peer) ? null : DropReason.PEER_DENIED;
    }
}
