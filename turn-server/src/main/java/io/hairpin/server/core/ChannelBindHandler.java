package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CHANNEL_NUMBER;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.FORBIDDEN;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;
import static io.hairpin.stun.ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.TransportAddress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// ChannelBind requests (RFC 8656 §12.2).
final class ChannelBindHandler {

    private final Permissions permissions;
    private final Admission admission;
    private final Deadlines deadlines;
    private final Responses responses;

    ChannelBindHandler(
            Permissions permissions,
            Admission admission,
            Deadlines deadlines,
            Responses responses) {
        this.permissions = permissions;
        this.admission = admission;
        this.deadlines = deadlines;
        this.responses = responses;
    }

    List<Effect> handle(Request request, Allocation allocation, long nowNanos) {
        if (allocation.transport == RelayTransport.TCP) {
            return reject(request, BAD_REQUEST, "the allocation is one of TCP");
        }
        Optional<Integer> number = request.message().find(CHANNEL_NUMBER);
        Optional<InetSocketAddress> named = request.message().find(XOR_PEER_ADDRESS);
        if (number.isEmpty() || named.isEmpty()) {
            return reject(request, BAD_REQUEST, "no CHANNEL-NUMBER or no XOR-PEER-ADDRESS");
        }
        if (!allocation.realm.policy().isChannel(number.get())) {
            return reject(
                    request,
                    BAD_REQUEST,
                    "channel 0x" + Integer.toHexString(number.get()) + " out of range");
        }
        return bind(
                request, allocation, number.get(), EmbeddedIpv4.canonical(named.get()), nowNanos);
    }

    private List<Effect> bind(
            Request request,
            Allocation allocation,
            int number,
            InetSocketAddress peer,
            long nowNanos) {
        Realm realm = allocation.realm;
        TransportAddress address = TransportAddress.of(peer);
        // A number stays with its peer and a peer with its number until the binding expires.
        Channel channel = allocation.channel(number, nowNanos);
        if (channel != null && !channel.address().equals(address)) {
            return reject(request, BAD_REQUEST, "channel is bound to another peer");
        }
        if (channel == null && isBound(allocation, address, nowNanos)) {
            return reject(request, BAD_REQUEST, "peer is bound to another channel");
        }
        if (!allocation.has(AddressFamily.of(peer.getAddress()))) {
            return reject(request, PEER_ADDRESS_FAMILY_MISMATCH, "no relay of that family");
        }
        PeerPolicy.Decision decision = allocation.decide(peer.getAddress());
        if (!realm.peers()
                .admits(decision.reach(), address.high(), address.low(), address.port())) {
            return reject(
                    request,
                    FORBIDDEN,
                    "peer "
                            + peer.getAddress().getHostAddress()
                            + " port "
                            + peer.getPort()
                            + ": reach "
                            + decision.reach()
                            + ", "
                            + decision.rule());
        }
        Optional<Limit> full = tryHoldPlaces(allocation, channel == null, peer.getAddress());
        if (full.isPresent()) {
            return List.of(responses.reject(request, INSUFFICIENT_CAPACITY, full.get()));
        }
        Permission permission =
                permissions.install(allocation, peer.getAddress(), decision.reach(), nowNanos);
        if (channel == null) {
            channel = new Channel(allocation, number, address, decision.reach(), permission);
            allocation.channels.add(channel);
        }
        deadlines.schedule(channel, nowNanos + realm.policy().channelLifetime().toNanos());
        return List.of(responses.send(request, Responses.success(request.message())));
    }

    /// Takes a place for a channel, if it is a new one, and for the permission that comes with it,
    /// if there is none yet; or neither, and names the limit that is reached.
    private Optional<Limit> tryHoldPlaces(Allocation allocation, boolean isNew, InetAddress peer) {
        Optional<Limit> noChannel = isNew ? tryHoldPlace(allocation) : Optional.empty();
        if (noChannel.isPresent()) {
            return noChannel;
        }
        Optional<Limit> noPermission = permissions.tryHoldPlaces(allocation, Set.of(peer));
        if (noPermission.isPresent() && isNew) {
            admission.release(Resource.CHANNEL, allocation.holder);
        }
        return noPermission;
    }

    private Optional<Limit> tryHoldPlace(Allocation allocation) {
        return allocation.channels.size() >= allocation.realm.policy().channelsPerAllocation()
                ? Optional.of(Limit.CHANNELS_PER_ALLOCATION)
                : admission.tryAcquire(Resource.CHANNEL, allocation.holder);
    }

    private static boolean isBound(Allocation allocation, TransportAddress peer, long nowNanos) {
        return allocation.channelTo(peer.high(), peer.low(), peer.port(), nowNanos) != null;
    }

    private List<Effect> reject(Request request, ErrorCode code, String detail) {
        return List.of(responses.reject(request, code, detail));
    }
}
