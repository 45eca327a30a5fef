package io.hairpin.server.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Third-party authorization (RFC 7635): clients come with access tokens that an authorization
/// server made for them.
///
/// @param serverName what this server is called in tokens, so that no other takes them
public record OauthConfig(Optional<String> serverName, @Default("[]") List<OauthKeyConfig> keys) {

    /// Without a limit a mistaken template could have a server hold any number.
    private static final int MAX_KEYS = 1000;

    private static final Pattern NAME = Pattern.compile("[\\x21-\\x7E]{1,255}");

    public OauthConfig {
        keys = List.copyOf(keys);
        Rules rules =
                new Rules()
                        .range("keys", keys.size(), 0, MAX_KEYS)
                        .check(
                                serverName.isEmpty() || NAME.matcher(serverName.get()).matches(),
                                "server-name",
                                serverName.orElse(""),
                                "a server name has 1 to 255 ASCII characters without spaces",
                                "use the domain name that clients reach this server by")
                        .check(
                                keys.isEmpty() || serverName.isPresent(),
                                List.of("server-name", "keys"),
                                "",
                                "it is missing, and access tokens are made for a server by name",
                                "set it to the domain name that clients reach this server by")
                        .check(
                                serverName.isEmpty() || !keys.isEmpty(),
                                List.of("keys", "server-name"),
                                "",
                                "without a key no access token can be opened",
                                "add a key of the authorization server, or remove server-name");
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < keys.size(); i++) {
            rules.check(
                    ids.add(keys.get(i).id()),
                    "keys[" + i + "].id",
                    keys.get(i).id(),
                    "another key has the same id",
                    "give each key an id of its own");
        }
        rules.enforce();
    }

    /// Whether access tokens are taken.
    public boolean isOn() {
        return !keys.isEmpty();
    }

    /// What holds where nothing is set: access tokens are not taken.
    public static OauthConfig defaults() {
        return Binder.defaults(OauthConfig.class);
    }
}
