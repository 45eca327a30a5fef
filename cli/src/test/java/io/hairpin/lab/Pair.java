package io.hairpin.lab;

import io.hairpin.client.nat.Dependence;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The networks of the two browsers of a call, the caller's first.
record Pair(Kind caller, Kind callee) {

    /// One of each that matters, for builds.
    static final List<Pair> SHORT =
            List.of(
                    new Pair(Kind.FULL_CONE, Kind.SYMMETRIC),
                    new Pair(Kind.PORT_RESTRICTED, Kind.PORT_RESTRICTED),
                    new Pair(Kind.SYMMETRIC, Kind.SYMMETRIC),
                    new Pair(Kind.CARRIER, Kind.CARRIER),
                    new Pair(Kind.IPV6, Kind.NO_UDP),
                    new Pair(Kind.SYMMETRIC, Kind.TCP_443));

    /// Every two networks once, and each with its like.
    static List<Pair> all() {
        Kind[] kinds = Kind.values();
        return Arrays.stream(kinds)
                .flatMap(
                        caller ->
                                Stream.of(kinds)
                                        .skip(caller.ordinal())
                                        .map(callee -> new Pair(caller, callee)))
                .toList();
    }

    /// Whether both are behind one NAT.
    boolean isShared() {
        return caller == callee && caller.isShared();
    }

    /// How their packets have to travel, from what their NATs do: no worse, and by the relay where
    /// no other way exists.
    Route expected() {
        if (!caller.passesUdp() || !callee.passesUdp() || caller.isIpv6() != callee.isIpv6()) {
            return Route.RELAYED;
        }
        // Firewalls of IPv6 translate nothing, and what is sent through them opens them.
        if (caller.isIpv6() || (caller == Kind.PUBLIC && callee == Kind.PUBLIC)) {
            return Route.DIRECT;
        }
        return admits(caller, callee) || admits(callee, caller) ? Route.REFLEXIVE : Route.RELAYED;
    }

    /// Whether what one sends to the address that the other learnt of itself gets in, once the
    /// other has sent something to the address that the one learnt.
    private static boolean admits(Kind receiver, Kind sender) {
        if (receiver.mapping() != Dependence.ENDPOINT_INDEPENDENT) {
            return false; // it expects the sender elsewhere
        }
        return receiver.filtering() != Dependence.ADDRESS_AND_PORT_DEPENDENT
                || sender.mapping() == Dependence.ENDPOINT_INDEPENDENT;
    }

    @Override
    public String toString() {
        return caller + ":" + callee;
    }
}
