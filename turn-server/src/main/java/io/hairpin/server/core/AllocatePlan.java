package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.DONT_FRAGMENT;
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
import java.util.stream.Stream;

/// What an Allocate request asks for.
sealed interface AllocatePlan {

    /// A relay of one family.
    record One(RelaySpec relay) implements AllocatePlan {}

    /// A relay of each family (RFC 8656 §18.11).
    record Both(PortChoice port, RelayTransport transport) implements AllocatePlan {}

    /// The relay that an earlier allocation reserved.
    record Claim(long token) implements AllocatePlan {}

    record Refused(ErrorCode code, String detail) implements AllocatePlan {}

    /// The checks that need nothing but the request: steps 3 to 9 of RFC 8656 §7.2.
    ///
    /// @param from the transport that the client came by
    /// @param tcp whether there are TCP relays
    static AllocatePlan of(StunMessage request, Transport from, TurnPolicy policy, boolean tcp) {
        // 3. Relays speak UDP, and TCP where that is on.
        Optional<Integer> protocol = request.find(REQUESTED_TRANSPORT);
        if (protocol.isEmpty()) {
            return new Refused(BAD_REQUEST, "no REQUESTED-TRANSPORT");
        }
        Optional<RelayTransport> transport =
                RelayTransport.of(protocol.get()).filter(each -> each == RelayTransport.UDP || tcp);
        if (transport.isEmpty()) {
            return new Refused(UNSUPPORTED_TRANSPORT_PROTOCOL, "transport " + protocol.get());
        }
        if (transport.get() == RelayTransport.TCP) {
            Optional<Refused> unfit = unfitForTcp(request, from);
            if (unfit.isPresent()) {
                return unfit.get();
            }
        }
        return of(request, transport.get(), policy);
    }

    /// Steps 2 and 3 of RFC 6062 §5.1. Data has connections of its own, which only a client that
    /// came by one can make.
    private static Optional<Refused> unfitForTcp(StunMessage request, Transport from) {
        if (!from.isStream()) {
            return Optional.of(new Refused(BAD_REQUEST, "a TCP relay asked for over " + from));
        }
        return Stream.of(DONT_FRAGMENT, EVEN_PORT, RESERVATION_TOKEN)
                .filter(request::has)
                .findFirst()
                .map(type -> new Refused(BAD_REQUEST, type.name() + " beside a TCP relay"));
    }

    private static AllocatePlan of(
            StunMessage request, RelayTransport transport, TurnPolicy policy) {
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
            return both(additional.get(), port, transport);
        }
        // 7. The family must be one we have an address of.
        int family = request.find(REQUESTED_ADDRESS_FAMILY).orElse(AddressFamily.IPV4.code());
        return policy.families().stream()
                .filter(supported -> supported.code() == family)
                .findFirst()
                .<AllocatePlan>map(supported -> new One(new RelaySpec(supported, port, transport)))
                .orElse(new Refused(ADDRESS_FAMILY_NOT_SUPPORTED, "address family " + family));
    }

    /// 9. The additional family is IPv6, and no port is reserved beside it.
    private static AllocatePlan both(
            int additionalFamily, PortChoice port, RelayTransport transport) {
        if (additionalFamily != AddressFamily.IPV6.code()) {
            return new Refused(BAD_REQUEST, "additional address family " + additionalFamily);
        }
        if (port instanceof PortChoice.Even(boolean reserveNext) && reserveNext) {
            return new Refused(BAD_REQUEST, "reservation beside an additional family");
        }
        return new Both(port, transport);
    }
}
