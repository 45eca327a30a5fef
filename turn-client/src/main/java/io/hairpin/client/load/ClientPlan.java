package io.hairpin.client.load;

import io.hairpin.client.Retransmission;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What the clients of one event loop have in common.
///
/// @param ipv6 whether relays of IPv6 are asked for
/// @param patience the clock by which answers are waited for
/// @param permission what a client asks for once it has its allocation
record ClientPlan(
        Optional<Accounts> accounts,
        Retransmission retransmission,
        boolean ipv6,
        Permission permission,
        RandomGenerator random,
        LongSupplier clock,
        LongSupplier patience) {

    /// What lets data through between an allocation and a peer.
    enum Permission {
        /// Nothing: there will be no data.
        NONE,
        CHANNEL,
        /// A permission alone, for Send indications.
        PLAIN
    }

    /// The channel that each client has with its peer.
    static final int CHANNEL_NUMBER = 0x4000;

    private static final int UDP_PROTOCOL = 17;

    /// What is sent for data to get through, or null for nothing.
    @Nullable Method permissionMethod() {
        return switch (permission) {
            case CHANNEL -> Method.CHANNEL_BIND;
            case PLAIN -> Method.CREATE_PERMISSION;
            case NONE -> null;
        };
    }

    /// A request that nobody has signed yet.
    StunMessage.Builder request(Method method, @Nullable InetSocketAddress peer) {
        StunMessage.Builder request = StunMessage.request(method, TransactionId.random(random));
        switch (method) {
            case ALLOCATE -> {
                request.with(Attributes.REQUESTED_TRANSPORT, UDP_PROTOCOL);
                if (ipv6) {
                    request.with(Attributes.REQUESTED_ADDRESS_FAMILY, AddressFamily.IPV6.code());
                }
            }
            case CHANNEL_BIND ->
                    request.with(Attributes.CHANNEL_NUMBER, CHANNEL_NUMBER)
                            .with(Attributes.XOR_PEER_ADDRESS, Objects.requireNonNull(peer));
            case CREATE_PERMISSION ->
                    request.with(Attributes.XOR_PEER_ADDRESS, Objects.requireNonNull(peer));
            case REFRESH -> {}
            default -> throw new IllegalArgumentException("clients do not send " + method);
        }
        return request;
    }
}
