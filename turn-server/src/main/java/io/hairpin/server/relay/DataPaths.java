package io.hairpin.server.relay;

import io.hairpin.net.PathSignals;
import io.hairpin.net.SocketBuffers;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What the data paths of a shard have in common.
///
/// @param clock the time that the shard's core goes by, as of the turn of the event loop
/// @param random what the transaction ids of Data indications are made from
/// @param buffers what the system keeps for each relay
/// @param signals what relays tell of the path to peers
/// @param dontFragment whether datagrams can be sent that nobody may fragment
public record DataPaths(
        LongSupplier clock,
        RandomGenerator random,
        OpenRelays open,
        SocketBuffers buffers,
        PathSignals signals,
        boolean dontFragment) {

    long nowNanos() {
        return clock.getAsLong();
    }
}
