package io.hairpin.server.core;

import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.TokenGrant;
import io.hairpin.server.auth.TokenSession;
import io.hairpin.stun.AddressError;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.AddressTable;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.TransportAddress;

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
    private FiveTuple client;
    private final PeerPolicy peers;
    final Realm realm;

    /// What its requests have to tell again (see [Realms#origin]).
    final byte @Nullable [] origin;

    final String username;

    /// Whom it counts for, wherever its client moves.
    final Holder holder;

    final RelayTransport transport;

    /// Who may use it (see [Request#owner]).
    final Owner owner;

    /// What access tokens gave the owner, the newest first: a request that was signed before the
    /// last Refresh may still be on its way.
    private List<TokenSession> sessions = List.of();

    /// The owner, if a store had to say who that is.
    private @Nullable LookedUp lookedUp;

    /// Tells a retransmitted Allocate request from a second one (RFC 8656 §7.2).
    final TransactionId transaction;

    final List<Relay> relays = new ArrayList<>(1);
    /// By address alone. What collides here collides for the owner of the allocation only.
    final AddressTable<Permission> permissions = new AddressTable<>(0);

    final ChannelTable channels = new ChannelTable();

    /// Those of a TCP relay, by their peers; a UDP relay has none.
    final Map<InetSocketAddress, PeerConnection> connections;

    /// Kept for the answer to a retransmission.
    @Nullable Long reservationToken;

    @Nullable AddressError addressError;

    /// What was granted of what the client asked for, if it may ask and did.
    @Nullable AskedBandwidth askedBandwidth;

    /// Made when the first ICMP error comes: most allocations never meet one.
    private @Nullable IcmpPace icmpPace;

    /// What lets the client take this along; null if it did not ask for that.
    @Nullable Roaming roaming;

    private AllocationBandwidth bandwidth = AllocationBandwidth.UNLIMITED;

    // Of the bandwidth, without another step to it on the way of each packet.
    private @Nullable Meter toPeers;
    private @Nullable Meter toClient;

    Allocation(
            AllocationId id, Request request, RelayTransport transport, byte @Nullable [] origin) {
        this.id = id;
        this.client = request.from();
        this.realm = request.realm();
        this.holder = request.holder();
        this.origin = origin;
        this.username = request.username();
        this.owner = request.owner();
        this.transaction = request.message().transactionId();
        adoptSessionOf(request);
        this.transport = transport;
        connections = transport == RelayTransport.TCP ? new HashMap<>() : Map.of();
        this.peers = realm.peers(transport);
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

    public RelayTransport transport() {
        return transport;
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

    /// Lets so many bytes pass to a peer and returns null, or says whose bandwidth is used up.
    public @Nullable DropReason passToPeer(int bytes, long nowNanos) {
        Meter meter = toPeers;
        return meter == null ? null : meter.pass(bytes, nowNanos);
    }

    /// The same for the way from a peer to the client.
    public @Nullable DropReason passToClient(int bytes, long nowNanos) {
        Meter meter = toClient;
        return meter == null ? null : meter.pass(bytes, nowNanos);
    }

    /// What bounds its connections, if it is a TCP relay.
    public StreamBandwidth streams() {
        return bandwidth.streams();
    }

    AllocationBandwidth bandwidth() {
        return bandwidth;
    }

    void bandwidth(AllocationBandwidth granted) {
        bandwidth = granted;
        toPeers = granted.toPeers();
        toClient = granted.toClient();
    }

    /// Whether DONT-FRAGMENT in a Send indication counts for a peer of that family. For clients on
    /// TCP it does (RFC 8656 §15). Of what comes in datagrams it does from IPv4 to IPv4 alone
    /// (§14), and is ignored where packets are translated (§13).
    public boolean heedsDontFragment(AddressFamily peer) {
        return client.transport().isStream()
                || (peer == AddressFamily.IPV4
                        && AddressFamily.of(client.hop().getAddress()) == AddressFamily.IPV4);
    }

    /// Whether there is a permission for that address, of which only the address counts.
    boolean permits(long high, long low, long nowNanos) {
        Permission permission = permissions.get(high, low, Permission.ANY_PORT);
        return permission != null && permission.isLive(nowNanos);
    }

    IcmpPace icmpPace() {
        IcmpPace pace = icmpPace;
        if (pace == null) {
            pace = new IcmpPace();
            icmpPace = pace;
        }
        return pace;
    }

    private @Nullable DropReason admitted(PeerPolicy.Reach reach, TransportAddress peer) {
        boolean admitted = peers.admits(reach, peer.high(), peer.low(), peer.port());
        return admitted ? null : DropReason.PEER_DENIED;
    }

    /// Takes over the key of the token that a request was authenticated by, if it is a new one, or
    /// of the user that was looked up for it.
    void adoptSessionOf(Request request) {
        if (request.lookedUp() != null) {
            lookedUp = request.lookedUp();
        }
        request.sender().token().map(TokenGrant::session).ifPresent(this::adopt);
    }

    private void adopt(TokenSession session) {
        if (sessions.isEmpty()) {
            sessions = List.of(session);
        } else if (sessions.stream().noneMatch(s -> s.bearer().equals(session.bearer()))) {
            sessions = List.of(session, sessions.getFirst());
        }
    }

    /// What a store said of the owner, or null if none was asked.
    @Nullable Credential lookedUp(long nowNanos) {
        LookedUp user = lookedUp;
        return user == null ? null : user.at(nowNanos);
    }

    List<TokenSession> sessions() {
        return sessions;
    }

    Optional<Relay> relay(AddressFamily family) {
        return relays.stream().filter(relay -> relay.family == family).findFirst();
    }

    /// What a permission for `peer` would open.
    PeerPolicy.Decision decide(InetAddress peer) {
        return peers.permission(peer);
    }

    boolean has(AddressFamily family) {
        return relay(family).isPresent();
    }
}
