package io.hairpin.server.config;

import io.hairpin.stun.OpaqueString;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
        RelayConfig relay,
        SocketsConfig sockets,
        AuthenticationConfig authentication,
        PeersConfig peers,
        LimitsConfig limits,
        CompatibilityConfig compatibility,
        AdminConfig admin,
        LogConfig log) {

    /// RFC 8489 §14.9 wants fewer than 128 characters.
    private static final int MAX_REALM_LENGTH = 127;

    private static final String REALM_REMEDY =
            "set it to the domain the users belong to, such as example.org";

    public Configuration {
        listeners = List.copyOf(listeners);
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
                        List.of("authentication.users", "authentication.shared-secrets"),
                        "",
                        "nobody could authenticate, and a relay open to everybody is refused",
                        "add a user under authentication.users or a TURN REST secret under"
                                + " authentication.shared-secrets")
                .checkAll(duplicates(listeners))
                .checkAll(clashesWithAdmin(listeners, admin))
                .enforce();
    }

    /// The effective configuration as YAML that loads again once its secrets are filled in.
    public String toYaml() {
        return ConfigurationYaml.render(this);
    }

    private static boolean isRealm(String realm) {
        return realm.length() <= MAX_REALM_LENGTH && OpaqueString.prepare(realm).isPresent();
    }

    private static List<Violation> duplicates(List<ListenerConfig> listeners) {
        List<Violation> violations = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < listeners.size(); i++) {
            ListenerConfig listener = listeners.get(i);
            if (!seen.add(listener.toString()) && listener.port() != 0) {
                violations.add(
                        new Violation(
                                List.of("listeners[" + i + "]"),
                                listener.toString(),
                                "this listener is there twice",
                                "remove one of the two"));
            }
        }
        return violations;
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
