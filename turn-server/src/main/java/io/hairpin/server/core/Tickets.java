package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.OptionalLong;

/// Gives out mobility tickets and reads them, if clients may move.
final class Tickets {

    private final @Nullable Mobility mobility;

    Tickets(@Nullable Mobility mobility) {
        this.mobility = mobility;
    }

    boolean areForbidden() {
        return mobility == null;
    }

    boolean areOurs(Ticket ticket) {
        return ticket.home() == mobility().shard();
    }

    /// Gives an allocation its first ticket. One whose name no ticket has room for stays without.
    void issue(Allocation allocation) {
        if (Ticket.canName(allocation.id())) {
            Ticket first = new Ticket(mobility().shard(), allocation.id(), 0);
            allocation.roaming = new Roaming(first, sealed(first));
        }
    }

    /// Gives an allocation another ticket in place of the one it has.
    void renew(Roaming roaming) {
        roaming.ticket = roaming.ticket.next();
        roaming.sealed = sealed(roaming.ticket);
    }

    /// Whether an allocation may move once more; if so, that counts.
    boolean allowMove(Roaming roaming, long nowNanos) {
        return roaming.pace.allows(mobility().movesPerMinute(), nowNanos);
    }

    /// What a ticket says, or nothing if this server did not make it.
    Optional<Ticket> read(byte[] shown) {
        OptionalLong number = mobility().seal().open(shown);
        return number.isPresent() ? Optional.of(Ticket.of(number.getAsLong())) : Optional.empty();
    }

    private byte[] sealed(Ticket ticket) {
        return mobility().seal().seal(ticket.number());
    }

    private Mobility mobility() {
        if (mobility == null) {
            throw new IllegalStateException("mobility is off");
        }
        return mobility;
    }
}
