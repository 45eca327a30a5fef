package io.hairpin.server.core;

import io.hairpin.stun.AddressError;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A client's relay: who owns it, which relayed transport addresses it has, and whom it may
/// talk to.
///
/// The core changes it; the data path of the same shard reads it, packet by packet, through the
/// public methods. Those allocate nothing.
public final class Allocation {

    private final AllocationId id;
    private final FiveTuple client;
    private final PeerPolicy peers;
    final String username;

    /// Tells a retransmitted Allocate request from a second one (RFC 8656 §7.2).
    final TransactionId transaction;

    final List<Relay> relays = new ArrayList<>(1);
    final Map<InetAddress, Permission> permissions = new HashMap<>(4);
    final ChannelTable channels = new ChannelTable();

    /// Kept for the answer to a retransmission.
    @Nullable Long reservationToken;

    @Nullable AddressError addressError;

    Allocation(
            AllocationId id,
            FiveTuple client,
            String username,
            TransactionId transaction,
            PeerPolicy peers) {
        this.id = id;
        this.client = client;
        this.username = username;
        this.transaction = transaction;
        this.peers = peers;
    }

    public AllocationId id() {
        return id;
    }

    public FiveTuple client() {
        return client;
    }

    /// The channel of that number, or null if it is not bound.
    public @Nullable Channel channel(int number, long nowNanos) {
        Channel channel = channels.get(number);
        return channel != null && channel.isLive(nowNanos) ? channel : null;
    }

    /// The channel that is bound to `peer`, or null if none is.
    public @Nullable Channel channelTo(InetSocketAddress peer, long nowNanos) {
        Channel channel = channels.get(peer);
        return channel != null && channel.isLive(nowNanos) ? channel : null;
    }

    /// Why data may not go out on a bound channel now, or null if it may.
    ///
    /// RFC 8656 §12.6 asks for the binding alone, not for a permission as well. A peer that is
    /// a relay of this server has to be one still.
    public @Nullable DropReason refusalOn(Channel channel) {
        return peers.admits(channel.reach, channel.peer()) ? null : DropReason.PEER_DENIED;
    }

    /// Why data may not pass to or from `peer` now, or null if it may (RFC 8656 §9).
    public @Nullable DropReason refusal(InetSocketAddress peer, long nowNanos) {
        Permission permission = permissions.get(peer.getAddress());
        if (permission == null || !permission.isLive(nowNanos)) {
            return DropReason.NO_PERMISSION;
        }
        return peers.admits(permission.reach, peer) ? null : DropReason.PEER_DENIED;
    }

    Optional<Relay> relay(AddressFamily family) {
        return relays.stream().filter(relay -> relay.family == family).findFirst();
    }

    boolean has(AddressFamily family) {
        return relay(family).isPresent();
    }
}
