package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ICMP;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.IcmpError;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.TransportAddress;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/// Tells clients the ICMP errors that datagrams to their peers met (RFC 8656 §11.5).
final class IcmpHandler {

    // RFC 792 and RFC 1191.
    private static final int DESTINATION_UNREACHABLE = 3;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int TIME_EXCEEDED = 11;

    // RFC 4443 §3.
    private static final int ICMPV6_DESTINATION_UNREACHABLE = 1;
    private static final int ICMPV6_PACKET_TOO_BIG = 2;
    private static final int ICMPV6_TIME_EXCEEDED = 3;

    private final Allocations allocations;
    private final RandomGenerator random;

    /// @param random what transaction ids are made from
    IcmpHandler(Allocations allocations, RandomGenerator random) {
        this.allocations = allocations;
        this.random = random;
    }

    List<Effect> handle(Event.IcmpReceived received, long nowNanos) {
        // 1. The relay's allocation; it may have ended, or not begun, while the error was on its
        // way.
        Allocation allocation = allocations.get(received.allocation());
        if (allocation == null) {
            return List.of();
        }
        // 2. The types that say something of the path. That UDP was in the packet is the system's
        // to see.
        AddressFamily family = AddressFamily.of(received.peer().getAddress());
        if (!isTold(family, received.error().type())) {
            return drop(allocation, DropReason.ICMP_TYPE);
        }
        // 3. A permission for whom the datagram went to, whoever sent the error.
        TransportAddress peer = TransportAddress.of(received.peer());
        if (!allocation.permits(peer.high(), peer.low(), nowNanos)) {
            return drop(allocation, DropReason.NO_PERMISSION);
        }
        // Anybody who guesses the port of a relay can send such errors.
        if (!allocation.icmpPace().allows(nowNanos)) {
            return drop(allocation, DropReason.ICMP_RATE);
        }
        // 4. The indication.
        return List.of(
                new Effect.Indicate(
                        allocation.client(),
                        indication(received.peer(), told(family, received.error()))));
    }

    private static boolean isTold(AddressFamily family, int type) {
        return switch (family) {
            case IPV4 -> type == DESTINATION_UNREACHABLE || type == TIME_EXCEEDED;
            case IPV6 ->
                    type == ICMPV6_DESTINATION_UNREACHABLE
                            || type == ICMPV6_PACKET_TOO_BIG
                            || type == ICMPV6_TIME_EXCEEDED;
        };
    }

    /// Only an error about the length has data: the MTU (RFC 8656 §18.13).
    private static IcmpError told(AddressFamily family, IcmpError error) {
        boolean hasMtu =
                switch (family) {
                    case IPV4 ->
                            error.type() == DESTINATION_UNREACHABLE
                                    && error.code() == FRAGMENTATION_NEEDED;
                    case IPV6 -> error.type() == ICMPV6_PACKET_TOO_BIG;
                };
        return hasMtu ? error : new IcmpError(error.type(), error.code(), 0);
    }

    private StunMessage indication(InetSocketAddress peer, IcmpError error) {
        return StunMessage.indication(Method.DATA, TransactionId.random(random))
                .with(XOR_PEER_ADDRESS, peer)
                .with(ICMP, error)
                .build();
    }

    private static List<Effect> drop(Allocation allocation, DropReason reason) {
        return List.of(new Effect.Drop(allocation.client(), reason));
    }
}
