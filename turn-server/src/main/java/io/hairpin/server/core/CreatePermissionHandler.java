package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.FORBIDDEN;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;
import static io.hairpin.stun.ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ErrorCode;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// CreatePermission requests (RFC 8656 §10.2): all the peers named, or none.
final class CreatePermissionHandler {

    private final Permissions permissions;
    private final Responses responses;

    CreatePermissionHandler(Permissions permissions, Responses responses) {
        this.permissions = permissions;
        this.responses = responses;
    }

    List<Effect> handle(Request request, Allocation allocation, long nowNanos) {
        List<InetSocketAddress> peers = request.message().findAll(XOR_PEER_ADDRESS);
        if (peers.isEmpty()) {
            return reject(request, BAD_REQUEST, "no XOR-PEER-ADDRESS");
        }
        Map<InetAddress, PeerPolicy.Reach> wanted = new LinkedHashMap<>();
        for (InetSocketAddress named : peers) {
            InetAddress peer = EmbeddedIpv4.canonical(named.getAddress());
            if (!allocation.has(AddressFamily.of(peer))) {
                return reject(request, PEER_ADDRESS_FAMILY_MISMATCH, "no relay of that family");
            }
            PeerPolicy.Decision decision = allocation.decide(peer);
            if (decision.reach() == PeerPolicy.Reach.NOTHING) {
                return reject(
                        request,
                        FORBIDDEN,
                        "peer " + peer.getHostAddress() + " " + decision.rule());
            }
            wanted.put(peer, decision.reach());
        }
        Optional<Limit> full = permissions.tryHoldPlaces(allocation, wanted.keySet());
        if (full.isPresent()) {
            return List.of(responses.reject(request, INSUFFICIENT_CAPACITY, full.get()));
        }
        wanted.forEach((peer, reach) -> permissions.install(allocation, peer, reach, nowNanos));
        return List.of(responses.send(request, Responses.success(request.message())));
    }

    private List<Effect> reject(Request request, ErrorCode code, String detail) {
        return List.of(responses.reject(request, code, detail));
    }
}
