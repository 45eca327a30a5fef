package io.hairpin.server.config;

import io.hairpin.stun.OpaqueString;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything a server is told before it starts.
///
/// There is none without an authenticated user: such a server would relay for anybody.
public record Configuration(
        @Default("''") String realm, // refused below, together with whatever else is wrong
        @Default(
                        """
                        - { transport: udp, address: 0.0.0.0, port: 3478 }
                        - { transport: udp, address: "::", port: 3478 }
                        - { transport: tcp, address: 0.0.0.0, port: 3478 }
                        - { transport: tcp, address: "::", port: 3478 }
                        """)
                List<ListenerConfig> listeners,
        TlsConfig tls,
        ProxyProtocolConfig proxyProtocol,
        Optional<HostPort> httpBackend,
        RelayConfig relay,
        SocketsConfig sockets,
        AuthenticationConfig authentication,
        PeersConfig peers,
        LimitsConfig limits,
        Optional<NatDiscoveryConfig> natDiscovery,
        RedirectConfig redirect,
        @Default("[]") List<RealmConfig> realms,
        CompatibilityConfig compatibility,
        AdminConfig admin,
        LogConfig log) {

    /// RFC 8489 §14.9 wants fewer than 128 characters.
    private static final int MAX_REALM_LENGTH = 127;

    private static final String REALM_REMEDY =
            "set it to the domain the users belong to, such as example.org";

    private static final String CERTIFICATE_REMEDY =
            "set tls.certificate and tls.key to their files";

    public Configuration {
        listeners = List.copyOf(listeners);
        realms = List.copyOf(realms);
        Set<Feature> features =
                Feature.of(listeners, tls.hasCertificate(), relay, looksUp(authentication, realms));
        new Rules()
                .check(!realm.isEmpty(), "realm", "", "it is missing", REALM_REMEDY)
                .check(
                        realm.isEmpty() || isRealm(realm),
                        "realm",
                        realm,
                        "a realm has at most " + MAX_REALM_LENGTH + " printable characters",
                        REALM_REMEDY)
                .check(
                        !listeners.isEmpty(),
                        "listeners",
                        "[]",
                        "without a listener no client can connect",
                        "add one, such as { transport: udp, address: 0.0.0.0, port: 3478 }")
                .check(
                        !authentication.isEmpty(),
                        List.of(
                                "authentication.users",
                                "authentication.shared-secrets",
                                "authentication.oauth",
                                "authentication.webhook.url"),
                        "",
                        "nobody could authenticate, and a relay open to everybody is refused",
                        "add a user under authentication.users or a TURN REST secret under"
                                + " authentication.shared-secrets")
                .checkAll(duplicates(listeners))
                .checkAll(
                        RealmRules.violations(
                                realm,
                                realms,
                                listeners,
                                tls.hasCertificate(),
                                features,
                                limits.bandwidth().server()))
                .checkAll(IdleLimits.violations(limits, "limits", features))
                .checkAll(IdleLimits.violations(limits.sources(), "limits.sources", features))
                .checkAll(withoutCertificate(listeners, tls))
                .check(
                        httpBackend.isEmpty() || tls.hasCertificate(),
                        "http-backend",
                        httpBackend.map(HostPort::toString).orElse(""),
                        "it is for clients that speak HTTP over TLS, which needs a certificate",
                        CERTIFICATE_REMEDY)
                .checkAll(redirect.violations(listeners, tls.hasCertificate()))
                .checkAll(clashesWithAdmin(listeners, admin))
                .check(
                        relay.tcp() || peers.tcp().isDefault(),
                        List.of("peers.tcp", "relay.tcp"),
                        "",
                        "there are no TCP relays for it to hold for",
                        "set relay.tcp to true, or remove peers.tcp")
                .check(
                        !relay.tcp()
                                || listeners.stream()
                                        .anyMatch(
                                                listener ->
                                                        listener.transport().carrier()
                                                                == ListenerTransport.TCP),
                        List.of("relay.tcp", "listeners"),
                        "true",
                        "clients ask for TCP relays over TCP or TLS alone, which no listener has",
                        "add a listener such as { transport: tcp, address: 0.0.0.0, port: 3478 },"
                                + " or remove relay.tcp")
                .checkAll(discoveryViolations(natDiscovery, listeners))
                .enforce();
    }

    /// The effective configuration as YAML that loads again once its secrets are filled in.
    public String toYaml() {
        return ConfigurationYaml.render(this);
    }

    static boolean isRealm(String realm) {
        return realm.length() <= MAX_REALM_LENGTH && OpaqueString.prepare(realm).isPresent();
    }

    private static boolean looksUp(AuthenticationConfig authentication, List<RealmConfig> realms) {
        return authentication.webhook().isOn()
                || realms.stream().anyMatch(realm -> realm.authentication().webhook().isOn());
    }

    private static List<Violation> duplicates(List<ListenerConfig> listeners) {
        List<Violation> violations = new ArrayList<>();
        Map<String, ListenerConfig> seen = new HashMap<>();
        for (int i = 0; i < listeners.size(); i++) {
            ListenerConfig listener = listeners.get(i);
            String socket =
                    new ListenerConfig(
                                    listener.transport().carrier(),
                                    listener.address(),
                                    listener.port())
                            .toString();
            ListenerConfig earlier = seen.putIfAbsent(socket, listener);
            if (earlier != null && listener.port() != 0) {
                boolean same = earlier.equals(listener);
                violations.add(
                        new Violation(
                                List.of("listeners[" + i + "]"),
                                listener.toString(),
                                same
                                        ? "this listener is there twice"
                                        : "it needs the same port as the listener " + earlier,
                                same
                                        ? "remove one of the two"
                                        : "remove one of the two: with a certificate either serves"
                                                + " both"));
            }
        }
        return violations;
    }

    private static List<Violation> withoutCertificate(
            List<ListenerConfig> listeners, TlsConfig tls) {
        List<Violation> violations = new ArrayList<>();
        for (int i = 0; i < listeners.size() && !tls.hasCertificate(); i++) {
            ListenerConfig listener = listeners.get(i);
            if (listener.transport() != listener.transport().carrier()) {
                violations.add(
                        new Violation(
                                // A certificate that is there, but wrong, is not said to be
                                // missing.
                                List.of(
                                        "listeners[" + i + "].transport",
                                        "tls.certificate",
                                        "tls.key"),
                                listener.toString(),
                                "there is no certificate to serve it with",
                                CERTIFICATE_REMEDY));
            }
        }
        return violations;
    }

    private static List<Violation> discoveryViolations(
            Optional<NatDiscoveryConfig> natDiscovery, List<ListenerConfig> listeners) {
        return natDiscovery.map(config -> config.violations(listeners)).orElse(List.of());
    }

    private static List<Violation> clashesWithAdmin(
            List<ListenerConfig> listeners, AdminConfig admin) {
        List<Violation> violations = new ArrayList<>();
        for (int i = 0; i < listeners.size(); i++) {
            ListenerConfig listener = listeners.get(i);
            if (listener.covers(ListenerTransport.TCP, admin.address(), admin.port())) {
                violations.add(
                        new Violation(
                                List.of("admin.port", "listeners[" + i + "].port"),
                                Integer.toString(admin.port()),
                                "the listener " + listener + " has that port already",
                                "give the admin endpoint another port"));
            }
        }
        return violations;
    }
}
