package io.hairpin.server.core;

import io.hairpin.server.auth.TicketSeal;

/// What a core needs to let clients take their allocations along (RFC 8016).
///
/// @param shard the number of the shard that the core is of, which its tickets carry
/// @param seal the same one for all shards of a server
/// @param movesPerMinute how often an allocation may move
public record Mobility(int shard, TicketSeal seal, int movesPerMinute) {

    /// One more than the highest number of a shard that a ticket has room for.
    public static final int MAX_SHARDS = 1 << Ticket.HOME_BITS;

    /// As often as clients like.
    public Mobility(int shard, TicketSeal seal) {
        this(shard, seal, Integer.MAX_VALUE);
    }

    public Mobility {
        if (shard < 0 || shard >= MAX_SHARDS) {
            throw new IllegalArgumentException("no ticket can name shard " + shard);
        }
    }
}
