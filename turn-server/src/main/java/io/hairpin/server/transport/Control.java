package io.hairpin.server.transport;

import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

/// Where listeners hand over what is for the protocol rather than for a peer. Called on the event
/// loop of the shard.
public interface Control {

    void received(FiveTuple from, StunMessage message);

    /// Why a request without credentials from a UDP client without an allocation would go
    /// unanswered, or null if it would not. The host has these numbers (see
    /// [io.hairpin.stun.TransportAddress]).
    @Nullable DropReason refusal(long high, long low);

    /// A client connected over a stream, and speaks STUN or sends ChannelData, or it has a session
    /// of DTLS. One with the same
    /// addresses that is still there has gone without a word that its proxy passed on.
    void connected(FiveTuple client, ConnectedClient link);

    /// A client that was [#connected] is gone.
    void closed(FiveTuple client, ConnectedClient link);
}
