package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.EVEN_PORT;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;
import static io.hairpin.stun.Attributes.RESERVATION_TOKEN;
import static io.hairpin.stun.ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.UNSUPPORTED_TRANSPORT_PROTOCOL;

import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.StunMessage;

import java.util.Optional;

/// What an Allocate request asks for.
sealed interface AllocatePlan {

    /// A relay of one family.
    record One(AddressFamily family, PortChoice port) implements AllocatePlan {}

    /// A relay of each family (RFC 8656 §18.11).
    record Both(PortChoice port) implements AllocatePlan {}

    /// The relay that an earlier allocation reserved.
    record Claim(long token) implements AllocatePlan {}

    record Refused(ErrorCode code, String detail) implements AllocatePlan {}

    /// The IANA protocol number of UDP, the one transport that relays speak.
    int UDP = 17;

    /// The checks that need nothing but the request: steps 3 to 9 of RFC 8656 §7.2.
    static AllocatePlan of(StunMessage request, TurnPolicy policy) {
        // 3. Relays speak UDP and nothing else.
        Optional<Integer> transport = request.find(REQUESTED_TRANSPORT);
        if (transport.isEmpty()) {
            return new Refused(BAD_REQUEST, "no REQUESTED-TRANSPORT");
        }
        if (transport.get() != UDP) {
            return new Refused(UNSUPPORTED_TRANSPORT_PROTOCOL, "transport " + transport.get());
        }
        // 4. DONT-FRAGMENT asks for nothing at this point. Where it cannot be heeded it was refused
        // with all that is not understood.
        // 5. A reservation fixes address and port, so nothing else may ask for one.
        Optional<Long> token = request.find(RESERVATION_TOKEN);
        boolean requestsFamily = request.has(REQUESTED_ADDRESS_FAMILY);
        Optional<Integer> additional = request.find(ADDITIONAL_ADDRESS_FAMILY);
        Optional<Boolean> even = request.find(EVEN_PORT);
        if (token.isPresent()) {
            return even.isPresent() || requestsFamily || additional.isPresent()
                    ? new Refused(BAD_REQUEST, "RESERVATION-TOKEN beside another choice of port")
                    : new Claim(token.get());
        }
        // 6. One family, or both.
        if (requestsFamily && additional.isPresent()) {
            return new Refused(BAD_REQUEST, "both address family attributes");
        }
        PortChoice port = even.<PortChoice>map(PortChoice.Even::new).orElse(new PortChoice.Any());
        if (additional.isPresent()) {
            return both(additional.get(), port);
        }
        // 7. The family must be one we have an address of.
        int family = request.find(REQUESTED_ADDRESS_FAMILY).orElse(AddressFamily.IPV4.code());
        return policy.families().stream()
                .filter(supported -> supported.code() == family)
                .findFirst()
                .<AllocatePlan>map(supported -> new One(supported, port))
                .orElse(new Refused(ADDRESS_FAMILY_NOT_SUPPORTED, "address family " + family));
    }

    /// 9. The additional family is IPv6, and no port is reserved beside it.
    private static AllocatePlan both(int additionalFamily, PortChoice port) {
        if (additionalFamily != AddressFamily.IPV6.code()) {
            return new Refused(BAD_REQUEST, "additional address family " + additionalFamily);
        }
        if (port instanceof PortChoice.Even(boolean reserveNext) && reserveNext) {
            return new Refused(BAD_REQUEST, "reservation beside an additional family");
        }
        return new Both(port);
    }
}
