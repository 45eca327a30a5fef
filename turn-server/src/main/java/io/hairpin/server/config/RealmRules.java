package io.hairpin.server.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What holds between realms: each has a name of its own, and nothing leads to two of them.
final class RealmRules {

    /// Without a limit a mistaken template could have a server hold any number.
    private static final int MAX_REALMS = 1000;

    private final List<Violation> violations = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();

    private RealmRules() {}

    /// @param first the realm of whoever nothing leads to another
    /// @param server how much data the whole server may relay
    static List<Violation> violations(
            String first,
            List<RealmConfig> realms,
            List<ListenerConfig> listeners,
            boolean hasCertificate,
            Set<Feature> features,
            DataRate server) {
        RealmRules rules = new RealmRules();
        rules.taken.add("realm " + first);
        rules.violations.addAll(
                new Rules().range("realms", realms.size(), 0, MAX_REALMS).violations());
        for (int i = 0; i < realms.size(); i++) {
            String key = "realms[" + i + "]";
            rules.look(realms.get(i), key, listeners);
            rules.violations.addAll(idle(realms.get(i), key, hasCertificate, features, server));
            rules.violations.addAll(idleLimits(realms.get(i), key, features));
        }
        return rules.violations;
    }

    private void look(RealmConfig realm, String key, List<ListenerConfig> listeners) {
        claim("realm " + realm.name(), key + ".name", realm.name());
        for (int i = 0; i < realm.listeners().size(); i++) {
            HostPort listener = realm.listeners().get(i);
            String path = key + ".listeners[" + i + "]";
            claim("listener " + listener, path, listener.toString());
            if (listeners.stream().noneMatch(each -> each.endpoint().equals(listener.toString()))) {
                violations.add(
                        new Violation(
                                List.of(path),
                                listener.toString(),
                                "no listener has this address and port",
                                "write them as under listeners, such as 0.0.0.0:3478"));
            }
        }
        for (int i = 0; i < realm.serverNames().size(); i++) {
            String name = realm.serverNames().get(i);
            claim("name " + name.toLowerCase(Locale.ROOT), key + ".server-names[" + i + "]", name);
        }
        for (int i = 0; i < realm.origins().size(); i++) {
            String origin = realm.origins().get(i);
            claim("origin " + origin.toLowerCase(Locale.ROOT), key + ".origins[" + i + "]", origin);
        }
    }

    /// What could have no effect in this server.
    private static List<Violation> idle(
            RealmConfig realm,
            String key,
            boolean hasCertificate,
            Set<Feature> features,
            DataRate server) {
        DataRate its = realm.limits().bandwidth().realm();
        return new Rules()
                .check(
                        hasCertificate || realm.serverNames().isEmpty(),
                        List.of(key + ".server-names", "tls.certificate"),
                        "",
                        "clients name a server only when they begin TLS or DTLS, which needs a"
                                + " certificate",
                        "set tls.certificate and tls.key, or remove server-names")
                .check(
                        features.contains(Feature.TCP_RELAYS) || realm.peers().tcp().isDefault(),
                        List.of(key + ".peers.tcp", "relay.tcp"),
                        "",
                        "there are no TCP relays for it to hold for",
                        "set relay.tcp to true, or remove peers.tcp")
                .check(
                        its.compareTo(server) <= 0 || !its.isLimited(),
                        List.of(key + ".limits.bandwidth.realm", "limits.bandwidth.server"),
                        its.toString(),
                        "it never matters, since limits.bandwidth.server is " + server,
                        "lower it, or raise limits.bandwidth.server")
                .violations();
    }

    private static List<Violation> idleLimits(
            RealmConfig realm, String key, Set<Feature> features) {
        Set<Feature> its = EnumSet.copyOf(features);
        if (realm.authentication().webhook().isOn()) {
            its.add(Feature.LOOK_UPS_OF_REALM);
        }
        return IdleLimits.violations(realm.limits(), key + ".limits", its);
    }

    private void claim(String what, String path, String value) {
        if (!taken.add(what)) {
            violations.add(
                    new Violation(
                            List.of(path),
                            value,
                            "another realm has this already",
                            "name each realm, and what leads to it, once"));
        }
    }
}
