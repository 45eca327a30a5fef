package io.hairpin.server.core;

import io.hairpin.server.auth.Credential;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.IcmpError;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.List;

/// What the world tells the core.
public sealed interface Event {

    /// A client sent a STUN message, on whichever transport.
    ///
    /// @param serverName what the client asked for when it began TLS or DTLS; empty if it named
    ///     nothing, or speaks neither
    record MessageReceived(FiveTuple from, StunMessage message, String serverName)
            implements Event {
        /// From a client that named no server.
        public MessageReceived(FiveTuple from, StunMessage message) {
            this(from, message, "");
        }
    }

    /// What [Effect.LookUpCredentials] asked for.
    ///
    /// @param credentials as [io.hairpin.server.auth.CredentialSource#find] has them; none if there
    ///     is nobody of that name
    record CredentialsFound(LookUpId id, List<Credential> credentials) implements Event {
        public CredentialsFound {
            credentials = List.copyOf(credentials);
        }
    }

    /// It is not known what [Effect.LookUpCredentials] asked for.
    record LookUpFailed(LookUpId id, String reason) implements Event {}

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

    /// A datagram that a relay sent met an ICMP error (RFC 8656 §11.5), or one that it could not
    /// send on would have met it at the next router.
    ///
    /// @param peer whom the datagram was for; its port is zero if that is not known
    record IcmpReceived(AllocationId allocation, InetSocketAddress peer, IcmpError error)
            implements Event {}

    /// The connection of a TCP client is gone.
    record ClientClosed(FiveTuple client) implements Event {}

    /// What happened to a connection between a TCP relay and a peer (RFC 6062). One that the core
    /// has ended in the meantime is of no interest any more.
    sealed interface Tcp extends Event {

        /// The connection asked for by [Effect.Tcp.Connect] is open.
        record Connected(ConnectionId id) implements Tcp {}

        /// The connection asked for by [Effect.Tcp.Connect] could not be opened.
        record Failed(ConnectionId id, String reason) implements Tcp {}

        /// A peer connected to a relay. The answer is [Effect.Tcp.Admit] or [Effect.Tcp.TurnAway].
        ///
        /// @param arrival names the connection until it has an id; the caller's choice
        record Arrived(AllocationId allocation, long arrival, InetSocketAddress peer)
                implements Tcp {}

        /// A connection that was open is closed, by whichever side.
        record Closed(ConnectionId id) implements Tcp {}
    }

    /// Data for a peer came by a 5-tuple that [Effect.PathAdded] named.
    record DataReceived(FiveTuple from) implements Event {}

    /// The time that [TurnCore#nextDeadlineNanos] named has come.
    record TimePassed() implements Event {}
}
