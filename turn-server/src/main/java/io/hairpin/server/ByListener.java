package io.hairpin.server;

import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.Transport;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What belongs to each listener, found by the address that a client came to: the one the listener
/// is bound to, or any one of this machine if that is a wildcard.
final class ByListener<T> {

    private static final InetAddress ANY_IPV4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_IPV6 = InetAddress.ofLiteral("::");

    private final Map<Transport, Map<InetSocketAddress, T>> all = new EnumMap<>(Transport.class);

    void put(Listeners.Bound listener, T value) {
        all.computeIfAbsent(listener.transport(), _ -> new HashMap<>())
                .put(listener.address(), value);
    }

    /// What belongs to any of them.
    List<T> all() {
        return all.values().stream().flatMap(each -> each.values().stream()).toList();
    }

    @Nullable T at(Listeners.Bound listener) {
        return at(listener.transport(), listener.address());
    }

    /// What belongs to the listener that the client came to, or null if it is not one of ours.
    @Nullable T of(FiveTuple client) {
        return of(client.transport(), client.server());
    }

    /// The same, of clients of that transport that came to that address.
    @Nullable T of(Transport transport, InetSocketAddress server) {
        T exact = at(transport, server);
        if (exact != null) {
            return exact;
        }
        boolean ipv4 = server.getAddress() instanceof Inet4Address;
        T ofFamily = ipv4 ? at(transport, ANY_IPV4, server.getPort()) : null;
        return ofFamily != null
                ? ofFamily
                : at(transport, ANY_IPV6, server.getPort()); // which may serve IPv4 as well
    }

    private @Nullable T at(Transport transport, InetAddress address, int port) {
        return at(transport, new InetSocketAddress(address, port));
    }

    private @Nullable T at(Transport transport, InetSocketAddress address) {
        Map<InetSocketAddress, T> ofTransport = all.get(transport);
        return ofTransport == null ? null : ofTransport.get(address);
    }
}
