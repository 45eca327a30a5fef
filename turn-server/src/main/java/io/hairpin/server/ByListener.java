package io.hairpin.server;

import io.hairpin.server.core.FiveTuple;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/// What belongs to each listener, found by the address that a client came to: the one the listener
/// is bound to, or any one of this machine if that is a wildcard.
final class ByListener<T> {

    private static final InetAddress ANY_IPV4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_IPV6 = InetAddress.ofLiteral("::");

    private final Map<Listeners.Bound, T> all = new HashMap<>();

    void put(Listeners.Bound listener, T value) {
        all.put(listener, value);
    }

    @Nullable T at(Listeners.Bound listener) {
        return all.get(listener);
    }

    /// What belongs to the listener that the client came to, or null if it is not one of ours.
    @Nullable T of(FiveTuple client) {
        T exact = at(client, client.server().getAddress());
        if (exact != null) {
            return exact;
        }
        boolean ipv4 = client.server().getAddress() instanceof Inet4Address;
        T ofFamily = ipv4 ? at(client, ANY_IPV4) : null;
        return ofFamily != null ? ofFamily : at(client, ANY_IPV6); // which may serve IPv4 as well
    }

    private @Nullable T at(FiveTuple client, InetAddress server) {
        return all.get(
                new Listeners.Bound(
                        client.transport(),
                        new InetSocketAddress(server, client.server().getPort())));
    }
}
