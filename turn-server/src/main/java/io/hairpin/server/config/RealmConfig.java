package io.hairpin.server.config;

import java.util.List;
import java.util.regex.Pattern;

/// A realm beside the first, with users and rules of its own, and what leads clients to it.
///
/// @param listeners the addresses of listeners whose clients belong to it
/// @param serverNames that its clients ask for when they begin TLS or DTLS
/// @param origins of the web pages whose clients belong to it, as told by ORIGIN
/// @param byName whether clients may choose it from any listener, by REALM or as `user@realm`
public record RealmConfig(
        String name,
        @Default("[]") List<HostPort> listeners,
        @Default("[]") List<String> serverNames,
        @Default("[]") List<String> origins,
        @Default("false") boolean byName,
        AuthenticationConfig authentication,
        PeersConfig peers,
        RealmLimitsConfig limits) {

    private static final Pattern SERVER_NAME =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");

    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/\\s]{1,255}");

    public RealmConfig {
        listeners = List.copyOf(listeners);
        serverNames = List.copyOf(serverNames);
        origins = List.copyOf(origins);
        Rules rules =
                new Rules()
                        .check(
                                Configuration.isRealm(name),
                                "name",
                                name,
                                "a realm has 1 to 127 printable characters",
                                "use the domain that its users belong to")
                        .check(
                                byName
                                        || !(listeners.isEmpty()
                                                && serverNames.isEmpty()
                                                && origins.isEmpty()),
                                "name",
                                name,
                                "nothing leads to this realm",
                                "set listeners, server-names, origins or by-name")
                        .check(
                                !authentication.isEmpty(),
                                List.of("authentication", "name"),
                                "",
                                "nobody could authenticate in this realm",
                                "give it users, shared-secrets, oauth or a webhook of its own");
        for (int i = 0; i < serverNames.size(); i++) {
            rules.check(
                    SERVER_NAME.matcher(serverNames.get(i)).matches(),
                    "server-names[" + i + "]",
                    serverNames.get(i),
                    "it is not a name that clients can ask for in TLS",
                    "write a whole domain name, such as turn.example.net");
        }
        for (int i = 0; i < origins.size(); i++) {
            rules.check(
                    ORIGIN.matcher(origins.get(i)).matches(),
                    "origins[" + i + "]",
                    origins.get(i),
                    "it is not the origin of web pages",
                    "write scheme and host without a path, such as https://app.example.org");
        }
        rules.enforce();
    }
}
