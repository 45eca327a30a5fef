package io.hairpin.client;

import io.hairpin.client.ExchangeException.Reason;
import io.hairpin.stun.AddressError;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.StunMessage;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a server has allocated (RFC 8656 §7.3).
///
/// @param relayedAddresses one, or one of each family
/// @param mappedAddress where the server sees the client
/// @param addressError why the additional family failed
public record Allocation(
        List<InetSocketAddress> relayedAddresses,
        InetSocketAddress mappedAddress,
        Duration lifetime,
        Optional<Long> reservationToken,
        Optional<AddressError> addressError) {
    static Allocation of(StunMessage response) {
        List<InetSocketAddress> relayed = response.findAll(Attributes.XOR_RELAYED_ADDRESS);
        Optional<InetSocketAddress> mapped = response.find(Attributes.XOR_MAPPED_ADDRESS);
        Optional<Long> seconds = response.find(Attributes.LIFETIME);
        if (relayed.isEmpty() || mapped.isEmpty() || seconds.isEmpty()) {
            throw new ExchangeException(
                    Reason.UNUSABLE_RESPONSE, "relayed or mapped address or lifetime is missing");
        }
        return new Allocation(
                relayed,
                mapped.get(),
                Duration.ofSeconds(seconds.get()),
                response.find(Attributes.RESERVATION_TOKEN),
                response.find(Attributes.ADDRESS_ERROR_CODE));
    }

    /// The first relayed address.
    public InetSocketAddress relayedAddress() {
        return relayedAddresses.getFirst();
    }
}
