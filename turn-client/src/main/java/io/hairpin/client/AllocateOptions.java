package io.hairpin.client;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Present;
import io.hairpin.stun.StunMessage;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What an Allocate request asks for (RFC 8656 §7.1). Immutable; combinations are not checked, so
/// that a server can be asked for what it has to refuse.
public final class AllocateOptions {
    private static final int UDP_PROTOCOL = 17;
    private static final int TCP_PROTOCOL = 6;

    private final List<Consumer<StunMessage.Builder>> attributes;

    private AllocateOptions(List<Consumer<StunMessage.Builder>> attributes) {
        this.attributes = attributes;
    }

    /// A relay for UDP, of the server's default family and lifetime.
    public static AllocateOptions udp() {
        return transport(UDP_PROTOCOL);
    }

    /// A relay for TCP (RFC 6062), of the server's default family and lifetime.
    public static AllocateOptions tcp() {
        return transport(TCP_PROTOCOL);
    }

    /// A relay for the IP protocol of this number.
    public static AllocateOptions transport(int protocol) {
        return none().with(Attributes.REQUESTED_TRANSPORT, protocol);
    }

    /// Not even the REQUESTED-TRANSPORT that the RFC demands.
    public static AllocateOptions none() {
        return new AllocateOptions(List.of());
    }

    public AllocateOptions lifetime(Duration lifetime) {
        return with(Attributes.LIFETIME, lifetime.toSeconds());
    }

    public AllocateOptions family(AddressFamily family) {
        return with(Attributes.REQUESTED_ADDRESS_FAMILY, family.code());
    }

    public AllocateOptions additionalFamily(AddressFamily family) {
        return with(Attributes.ADDITIONAL_ADDRESS_FAMILY, family.code());
    }

    public AllocateOptions evenPort() {
        return with(Attributes.EVEN_PORT, false);
    }

    /// An even port, and the next one kept for who shows the reservation token.
    public AllocateOptions evenPortReservingNext() {
        return with(Attributes.EVEN_PORT, true);
    }

    public AllocateOptions reservationToken(long token) {
        return with(Attributes.RESERVATION_TOKEN, token);
    }

    /// A ticket to take the allocation along by, to another client (RFC 8016).
    public AllocateOptions mobile() {
        return with(Attributes.MOBILITY_TICKET, new byte[0]);
    }

    public AllocateOptions dontFragment() {
        return with(Attributes.DONT_FRAGMENT, Present.PRESENT);
    }

    public <T> AllocateOptions with(AttributeType<T> type, T value) {
        Consumer<StunMessage.Builder> attribute = request -> request.with(type, value);
        return new AllocateOptions(
                Stream.concat(attributes.stream(), Stream.of(attribute)).toList());
    }

    void addTo(StunMessage.Builder request) {
        attributes.forEach(attribute -> attribute.accept(request));
    }
}
