package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CHANGE_REQUEST;
import static io.hairpin.stun.Attributes.MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.OTHER_ADDRESS;
import static io.hairpin.stun.Attributes.PADDING;
import static io.hairpin.stun.Attributes.RESPONSE_ORIGIN;
import static io.hairpin.stun.Attributes.RESPONSE_PORT;
import static io.hairpin.stun.Attributes.UNKNOWN_ATTRIBUTES;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.UNKNOWN_ATTRIBUTE;

import io.hairpin.stun.ChangeRequest;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/// Tells clients the address they are seen at (RFC 8489 §2), and where NAT behaviour discovery is
/// served, what they need to know the NATs before them (RFC 5780). Asks for no credentials and
/// keeps nothing of a client.
///
/// Without discovery it answers with XOR-MAPPED-ADDRESS alone: whatever else it said would serve
/// those who forge source addresses.
final class BindingHandler {

    /// The most padding that is sent: the MTU of Ethernet, a multiple of four, so that with what
    /// else there is in an answer it makes two fragments.
    static final int MAX_PADDING_BYTES = 1500;

    /// The lowest port that an answer is sent to if it is not the one the request came from. Below
    /// are services, and no mappings of a NAT.
    static final int FIRST_RESPONSE_PORT = 1024;

    private static final ChangeRequest NO_CHANGE = new ChangeRequest(false, false);

    /// What asks for more than an ordinary answer.
    private static final Set<Integer> OF_DISCOVERY =
            Set.of(CHANGE_REQUEST.code(), RESPONSE_PORT.code(), PADDING.code());

    private final @Nullable NatDiscovery discovery;
    private final Responses responses;

    BindingHandler(BindingPolicy policy, Responses responses) {
        this.discovery = policy.discovery();
        this.responses = responses;
    }

    // RFC 5780 §6.1, which has no numbers for its steps.
    List<Effect> handle(FiveTuple from, StunMessage request, long nowNanos) {
        NatDiscovery.Place place = discovery == null ? null : discovery.place(from);
        // 1. What asks for discovery is understood where there are two addresses to do it with. A
        //    connection has one path, so nothing can be answered from elsewhere or to elsewhere;
        //    nor is there anything to fragment.
        boolean understood = place != null && from.transport() == Transport.UDP;
        List<Integer> unknown = UnderstoodAttributes.unknownIn(request);
        if (understood) {
            unknown = unknown.stream().filter(code -> !OF_DISCOVERY.contains(code)).toList();
        }
        if (!unknown.isEmpty()) {
            return List.of(
                    responses.rejectUnsigned(
                            from,
                            request,
                            UNKNOWN_ATTRIBUTE,
                            responses
                                    .error(request, UNKNOWN_ATTRIBUTE)
                                    .with(UNKNOWN_ATTRIBUTES, unknown),
                            "unknown attributes " + unknown));
        }
        if (!request.malformedAttributes().isEmpty()) {
            return bad(from, request, "malformed attributes " + request.malformedAttributes());
        }
        if (discovery == null || place == null) {
            return basic(from, request);
        }
        boolean special = OF_DISCOVERY.stream().anyMatch(request.comprehensionRequired()::contains);
        if (special) {
            String fault = fault(request);
            if (fault != null) {
                return bad(from, request, fault);
            }
        }
        // 2. Past the limit a plain request is answered as plainly as everywhere else.
        if (!discovery.admits(from, nowNanos)) {
            return special
                    ? List.of(new Effect.Drop(from, DropReason.NAT_DISCOVERY_LIMIT))
                    : basic(from, request);
        }
        return List.of(discovering(from, request, place));
    }

    /// What is wrong with the attributes of discovery together, or null.
    private static @Nullable String fault(StunMessage request) {
        if (request.has(RESPONSE_PORT) && request.has(PADDING)) {
            return "RESPONSE-PORT with PADDING";
        }
        // Departs from RFC 5780 §7.5, which has no such bound: anybody may send in another's name,
        // and what listens there is meant to be spared.
        return request.find(RESPONSE_PORT).filter(port -> port < FIRST_RESPONSE_PORT).isPresent()
                ? "a RESPONSE-PORT below " + FIRST_RESPONSE_PORT
                : null;
    }

    private Effect discovering(FiveTuple from, StunMessage request, NatDiscovery.Place place) {
        // 3. Both forms of the mapped address, so that clients find what changes the plain one.
        StunMessage.Builder response =
                Responses.success(request)
                        .with(XOR_MAPPED_ADDRESS, from.client())
                        .with(MAPPED_ADDRESS, from.client());
        // 4. The source of the answer as CHANGE-REQUEST has it, and the one that differs in both.
        NatDiscovery.Place origin = place.changed(request.find(CHANGE_REQUEST).orElse(NO_CHANGE));
        response.with(RESPONSE_ORIGIN, origin.advertised())
                .with(OTHER_ADDRESS, place.other().advertised());
        // 5. Padding for padding.
        // Departs from RFC 5780 §6.1, which wants as much as the MTU of the interface: the answer
        // has no more than the request, or else it would be larger than what asked for it.
        request.find(PADDING)
                .map(padding -> new byte[Math.min(padding.length, MAX_PADDING_BYTES)])
                .ifPresent(padding -> response.with(PADDING, padding));
        // 6. It goes to the address that the request came from, be it to another port.
        int port = request.find(RESPONSE_PORT).orElse(from.client().getPort());
        FiveTuple path =
                new FiveTuple(
                        from.transport(),
                        new InetSocketAddress(from.client().getAddress(), port),
                        origin.bound());
        return path.equals(from)
                ? responses.sendUnsigned(from, request, response)
                : responses.sendElsewhere(from, path, request, response);
    }

    private List<Effect> basic(FiveTuple from, StunMessage request) {
        return List.of(
                responses.sendUnsigned(
                        from,
                        request,
                        Responses.success(request).with(XOR_MAPPED_ADDRESS, from.client())));
    }

    private List<Effect> bad(FiveTuple from, StunMessage request, String detail) {
        return List.of(responses.rejectUnsigned(from, request, BAD_REQUEST, detail));
    }
}
