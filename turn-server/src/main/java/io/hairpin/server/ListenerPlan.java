package io.hairpin.server;

import io.hairpin.net.SocketKind;
import io.hairpin.server.config.ListenerConfig;
import io.hairpin.server.config.ListenerTransport;
import io.hairpin.stun.AddressFamily;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A socket to listen on, and the families of the clients it is for.
record ListenerPlan(
        ListenerTransport transport, InetSocketAddress address, Set<AddressFamily> families) {

    /// What to open for the configured listeners. Where a socket on `::` has the port for IPv4 as
    /// well, it also stands in for the listener on `0.0.0.0`.
    static List<ListenerPlan> of(List<ListenerConfig> listeners, SocketKind netty) {
        if (netty.separatesFamilies()) {
            return listeners.stream().map(each -> plan(each, false)).toList();
        }
        return listeners.stream()
                .filter(each -> !(isAny(each, true) && hasTwin(each, listeners)))
                .map(each -> plan(each, isAny(each, false) && hasTwin(each, listeners)))
                .toList();
    }

    private static ListenerPlan plan(ListenerConfig listener, boolean bothFamilies) {
        return new ListenerPlan(
                listener.transport(),
                new InetSocketAddress(listener.address(), listener.port()),
                bothFamilies
                        ? EnumSet.allOf(AddressFamily.class)
                        : EnumSet.of(AddressFamily.of(listener.address())));
    }

    /// Whether there is the same listener for the other family.
    private static boolean hasTwin(ListenerConfig listener, List<ListenerConfig> all) {
        boolean ipv4 = listener.address() instanceof Inet4Address;
        return listener.port() != 0
                && all.stream()
                        .anyMatch(
                                other ->
                                        isAny(other, !ipv4)
                                                && other.transport().carrier()
                                                        == listener.transport().carrier()
                                                && other.port() == listener.port());
    }

    private static boolean isAny(ListenerConfig listener, boolean ipv4) {
        InetAddress address = listener.address();
        return address.isAnyLocalAddress() && address instanceof Inet4Address == ipv4;
    }

    @Override
    public String toString() {
        return Text.of(transport) + " " + Text.of(address);
    }
}
