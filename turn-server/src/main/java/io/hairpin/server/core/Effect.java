package io.hairpin.server.core;

import io.hairpin.server.auth.CredentialQuery;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.StunMessage;

import java.net.InetSocketAddress;
import java.util.List;

/// What the core wants done. Logs and metrics are made from effects too, so some carry what
/// only those need.
public sealed interface Effect {

    /// Send a success response.
    record Send(FiveTuple to, StunMessage message) implements Effect {}

    /// Send a success response on another path than the request took: from another of this server's
    /// addresses, or to another port of the client (RFC 5780 §6.1).
    ///
    /// @param asked the path of the request
    /// @param path the one of the answer; over UDP, and its server address is one that this server
    ///     has a listener at
    record SendElsewhere(FiveTuple asked, FiveTuple path, StunMessage message) implements Effect {}

    /// Send an error response; `detail` says why, for logs alone.
    record Reject(FiveTuple to, StunMessage message, ErrorCode code, String detail)
            implements Effect {}

    /// Send an indication, which nobody asked for.
    record Indicate(FiveTuple to, StunMessage message) implements Effect {}

    /// Ask the realm's store for the credentials of a user, and answer with exactly one
    /// [Event.CredentialsFound] or [Event.LookUpFailed]. One that comes too late is of no interest
    /// any more.
    record LookUpCredentials(LookUpId id, FiveTuple from, CredentialQuery query)
            implements Effect {}

    /// Open a relay, and answer with exactly one [Event.RelayOpened] or [Event.RelayFailed].
    record OpenRelay(AllocationId allocation, FiveTuple client, RelaySpec spec) implements Effect {}

    /// Close a relay that was opened, and free its port.
    record CloseRelay(AllocationId allocation, AddressFamily family) implements Effect {}

    /// Free the port of a reservation that nobody claimed.
    record ReleasePort(InetSocketAddress relayed) implements Effect {}

    /// An allocation exists from now on; data may flow.
    record AllocationOpened(
            AllocationId allocation,
            FiveTuple client,
            String username,
            List<InetSocketAddress> relayed,
            long lifetimeSeconds)
            implements Effect {}

    /// An allocation is gone. Its relays are closed by effects of their own, before this one.
    record AllocationClosed(AllocationId allocation, FiveTuple client, CloseReason reason)
            implements Effect {}

    /// What concerns connections between TCP relays and peers (RFC 6062).
    sealed interface Tcp extends Effect {

        /// Connect a relay to a peer, and answer with exactly one [Event.Tcp.Connected] or
        /// [Event.Tcp.Failed], unless [Close] comes first. Nothing is read from the peer yet.
        record Connect(AllocationId allocation, ConnectionId id, InetSocketAddress peer)
                implements Tcp {}

        /// Keep a connection that a peer opened, under that id. Nothing is read from the peer yet.
        record Admit(AllocationId allocation, long arrival, ConnectionId id) implements Tcp {}

        /// Close a connection that a peer opened.
        record TurnAway(AllocationId allocation, long arrival, DropReason reason) implements Tcp {}

        /// Send a ConnectionAttempt indication.
        record Announce(FiveTuple to, StunMessage message) implements Tcp {}

        /// Join the client's connection with the peer's, which may belong to another core: each
        /// gets what the other sends, from here on until either ends.
        record Join(FiveTuple client, ConnectionId id) implements Tcp {}

        /// Close a connection with a peer, open or on its way, and the client's that is joined
        /// with it.
        record Close(ConnectionId id, PeerCloseReason reason) implements Tcp {}
    }

    /// What becomes of clients that take their allocation along (RFC 8016).
    sealed interface OfMobility extends Effect {}

    /// The client of an allocation may send by that 5-tuple as well. The first data that comes by
    /// it is to be told by [Event.DataReceived], and then relayed.
    record PathAdded(AllocationId allocation, FiveTuple path) implements OfMobility {}

    /// That 5-tuple is not the allocation's any more. If it was the one that data went by, the
    /// client is away for now.
    record PathRemoved(AllocationId allocation, FiveTuple path) implements OfMobility {}

    /// Data of an allocation goes by another 5-tuple from now on, and not by the former one.
    record ClientMoved(AllocationId allocation, FiveTuple from, FiveTuple to)
            implements OfMobility {}

    /// Let the core of that shard have the message: it is for an allocation of its.
    record HandOver(FiveTuple from, StunMessage message, int shard) implements OfMobility {}

    /// Nothing is sent: the message was ignored.
    record Drop(FiveTuple from, DropReason reason) implements Effect {}
}
