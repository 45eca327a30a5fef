package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.REALM;
import static io.hairpin.stun.Attributes.USERNAME;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.stun.AttributeType;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The realms of a server, and which of them a client belongs to. Shared by the cores of a server;
/// it does not change once they serve.
public final class Realms {

    /// Of draft-ietf-tram-stun-origin, which IANA does not list.
    static final AttributeType<byte[]> ORIGIN = AttributeType.of(0x802F);

    private static final byte[] NO_ORIGIN = {};

    /// A longer one counts for nothing: it leads nowhere, and no allocation keeps it.
    private static final int MAX_ORIGIN_BYTES = 267;

    /// Chooses a realm for clients that came to an address, or to any address of this machine.
    ///
    /// @param address any local address for all of them
    public record Listener(InetAddress address, int port) {
        boolean is(InetSocketAddress server) {
            return port == server.getPort()
                    && (address.isAnyLocalAddress() || address.equals(server.getAddress()));
        }
    }

    /// What leads to a realm that is not the first.
    ///
    /// @param serverNames that clients ask for when they begin TLS or DTLS
    /// @param origins of the web pages that clients belong to, which browsers might tell in ORIGIN
    ///     (draft-ietf-tram-stun-origin)
    /// @param byName whether REALM, or a user name that ends in `@` and the realm, leads here from
    ///     wherever the client came
    public record Ways(
            List<Listener> listeners,
            List<String> serverNames,
            List<String> origins,
            boolean byName) {
        public Ways {
            listeners = List.copyOf(listeners);
            serverNames = List.copyOf(serverNames);
            origins = List.copyOf(origins);
        }
    }

    private record Place(Listener listener, Realm realm) {}

    private final Realm first;
    private final boolean originsStay;
    private final List<Realm> others = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final Map<String, Realm> byServerName = new HashMap<>();
    private final Map<String, Realm> byOrigin = new HashMap<>();
    private final Map<String, Realm> byName = new HashMap<>();

    /// @param first serves whoever nothing leads elsewhere
    public Realms(Realm first) {
        this(first, false);
    }

    /// @param originsStay whether an allocation can be used only with the ORIGIN it was made with
    public Realms(Realm first, boolean originsStay) {
        this.first = first;
        this.originsStay = originsStay;
    }

    /// Adds a realm; to be called before any core serves.
    ///
    /// @throws IllegalArgumentException if one of the ways leads to another realm already
    public Realms with(Realm realm, Ways ways) {
        others.add(realm);
        ways.listeners().forEach(listener -> places.add(new Place(listener, realm)));
        ways.serverNames().forEach(name -> put(byServerName, canonical(name), realm));
        ways.origins().forEach(origin -> put(byOrigin, canonical(origin), realm));
        if (ways.byName()) {
            put(byName, realm.name(), realm);
        }
        return this;
    }

    private static void put(Map<String, Realm> map, String key, Realm realm) {
        if (map.putIfAbsent(key, realm) != null) {
            throw new IllegalArgumentException("two realms by the name '" + key + "'");
        }
    }

    public Realm first() {
        return first;
    }

    /// Those beside the first, in the order that they were added in.
    public List<Realm> others() {
        return List.copyOf(others);
    }

    /// Where a client belongs for where it came and whom it asked for.
    Realm at(InetSocketAddress server, String serverName) {
        Realm named = serverName.isEmpty() ? null : byServerName.get(canonical(serverName));
        if (named != null) {
            return named;
        }
        for (Place place : places) {
            if (place.listener().is(server)) {
                return place.realm();
            }
        }
        return first;
    }

    /// Where a request belongs: what it says comes before where it came.
    Realm of(StunMessage request, Realm place) {
        Realm claimed = byName.isEmpty() ? null : claimed(request);
        if (claimed == null && !byOrigin.isEmpty()) {
            claimed = originated(request);
        }
        return claimed == null ? place : claimed;
    }

    /// The ORIGIN by which an allocation is made, and which its requests have to keep to; null if
    /// that is nothing to go by.
    byte @Nullable [] origin(StunMessage request) {
        return originsStay ? usable(request).orElse(NO_ORIGIN) : null;
    }

    private @Nullable Realm claimed(StunMessage request) {
        Realm realm = request.find(USERNAME).map(Realms::afterAt).map(byName::get).orElse(null);
        return realm == null ? request.find(REALM).map(byName::get).orElse(null) : realm;
    }

    private @Nullable Realm originated(StunMessage request) {
        return usable(request)
                .map(origin -> byOrigin.get(canonical(new String(origin, UTF_8))))
                .orElse(null);
    }

    private static Optional<byte[]> usable(StunMessage request) {
        return request.find(ORIGIN).filter(origin -> origin.length <= MAX_ORIGIN_BYTES);
    }

    private static String afterAt(String username) {
        return username.substring(username.lastIndexOf('@') + 1);
    }

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
