package io.hairpin.server.core;

import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;

import java.util.OptionalLong;

/// What is kept of an allocation that its client may take along (RFC 8016).
final class Roaming {

    /// A Refresh request that brought the allocation a new 5-tuple, and what became of it.
    private record Move(
            FiveTuple to,
            TransactionId transaction,
            Ticket shown,
            long grantedSeconds,
            long rememberedUntilNanos) {}

    Ticket ticket;
    byte[] sealed;

    /// The new 5-tuple, until data from the client comes by it.
    @Nullable FiveTuple next;

    /// The client's connection has ended, and it has no other yet.
    boolean away;

    final MovePace pace = new MovePace();

    private @Nullable Move last;

    Roaming(Ticket ticket, byte[] sealed) {
        this.ticket = ticket;
        this.sealed = sealed;
    }

    void moved(Request by, long grantedSeconds, long rememberedUntilNanos) {
        last =
                new Move(
                        by.from(),
                        by.message().transactionId(),
                        ticket,
                        grantedSeconds,
                        rememberedUntilNanos);
    }

    /// The seconds that were granted to the request that this is a copy of, if it is one.
    OptionalLong grantedTo(FiveTuple from, StunMessage request, Ticket shown, long nowNanos) {
        Move move = last;
        return move != null
                        && nowNanos < move.rememberedUntilNanos()
                        && move.shown().equals(shown)
                        && move.to().equals(from)
                        && move.transaction().equals(request.transactionId())
                ? OptionalLong.of(move.grantedSeconds())
                : OptionalLong.empty();
    }
}
