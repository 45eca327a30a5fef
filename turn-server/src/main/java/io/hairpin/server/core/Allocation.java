package io.hairpin.server.core;

import io.hairpin.stun.AddressError;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.AddressTable;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A client's relay: who owns it, which relayed transport addresses it has, and whom it may
/// talk to.
///
/// The core changes it; the data path of the same shard reads it, packet by packet, through the
/// public methods. Those allocate nothing.
public final class Allocation {

    private final AllocationId id;
    private FiveTuple client;
    private final PeerPolicy peers;
    final String username;

    /// Tells a retransmitted Allocate request from a second one (RFC 8656 §7.2).
    final TransactionId transaction;

    final List<Relay> relays = new ArrayList<>(1);
    /// By address alone. What collides here collides for the owner of the allocation only.
    final AddressTable<Permission> permissions = new AddressTable<>(0);

    final ChannelTable channels = new ChannelTable();

    /// Kept for the answer to a retransmission.
    @Nullable Long reservationToken;

    @Nullable AddressError addressError;

    /// What lets the client take this along; null if it did not ask for that.
    @Nullable Roaming roaming;

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

    /// What the data of the client comes by, or came by last.
    public FiveTuple client() {
        return client;
    }

    void client(FiveTuple other) {
        client = other;
    }

    /// The channel of that number, or null if it is not bound.
    public @Nullable Channel channel(int number, long nowNanos) {
        Channel channel = channels.get(number);
        return channel != null && channel.isLive(nowNanos) ? channel : null;
    }

    /// The channel that is bound to the peer with these numbers (see [TransportAddress]), or null
    /// if none is.
    public @Nullable Channel channelTo(long high, long low, int port, long nowNanos) {
        Channel channel = channels.get(high, low, port);
        return channel != null && channel.isLive(nowNanos) ? channel : null;
    }

    /// Why data may not go out on a bound channel now, or null if it may.
    ///
    /// RFC 8656 §12.6 asks for the binding alone, not for a permission as well. A peer that is
    /// a relay of this server has to be one still.
    public @Nullable DropReason refusalOn(Channel channel) {
        return admitted(channel.reach, channel.address());
    }

    /// Why data from the peer of a bound channel may not come in now, or null if it may
    /// (RFC 8656 §12.7).
    public @Nullable DropReason refusalFrom(Channel channel, long nowNanos) {
        TransportAddress peer = channel.address();
        if (!channel.permission.isLive(nowNanos)) {
            Permission renewed = permissions.get(peer.high(), peer.low(), Permission.ANY_PORT);
            if (renewed == null || !renewed.isLive(nowNanos)) {
                return DropReason.NO_PERMISSION;
            }
            channel.permission = renewed;
        }
        return admitted(channel.permission.reach, peer);
    }

    /// Why data may not pass to or from the peer with these numbers now, or null if it may
    /// (RFC 8656 §9).
    public @Nullable DropReason refusal(long high, long low, int port, long nowNanos) {
        Permission permission = permissions.get(high, low, Permission.ANY_PORT);
        if (permission == null || !permission.isLive(nowNanos)) {
            return DropReason.NO_PERMISSION;
        }
        return peers.admits(permission.reach, high, low, port) ? null : DropReason.PEER_DENIED;
    }

    private @Nullable DropReason admitted(PeerPolicy.Reach reach, TransportAddress peer) {
        boolean admitted = peers.admits(reach, peer.high(), peer.low(), peer.port());
        return admitted ? null : DropReason.PEER_DENIED;
    }

    Optional<Relay> relay(AddressFamily family) {
        return relays.stream().filter(relay -> relay.family == family).findFirst();
    }

    boolean has(AddressFamily family) {
        return relay(family).isPresent();
    }
}
