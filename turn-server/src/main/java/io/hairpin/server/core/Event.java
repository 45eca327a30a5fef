package io.hairpin.server.core;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// What the world tells the core.
public sealed interface Event {

    /// A client sent a STUN message, on whichever transport.
    record MessageReceived(FiveTuple from, StunMessage message) implements Event {}

    /// The relay asked for by [Effect.OpenRelay] is open.
    ///
    /// @param relayed the relayed transport address as clients and peers see it
    /// @param reserved the next higher port, kept free, if the request was to reserve it
    record RelayOpened(
            AllocationId allocation,
            AddressFamily family,
            InetSocketAddress relayed,
            @Nullable InetSocketAddress reserved)
            implements Event {}

    /// The relay asked for by [Effect.OpenRelay] could not be opened; nothing of it is left.
    record RelayFailed(AllocationId allocation, AddressFamily family, String reason)
            implements Event {}

    /// The connection of a TCP client is gone.
    record ClientClosed(FiveTuple client) implements Event {}

    /// Data for a peer came by a 5-tuple that [Effect.PathAdded] named.
    record DataReceived(FiveTuple from) implements Event {}

    /// The time that [TurnCore#nextDeadlineNanos] named has come.
    record TimePassed() implements Event {}
}
