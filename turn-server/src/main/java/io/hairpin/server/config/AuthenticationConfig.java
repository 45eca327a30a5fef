package io.hairpin.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Who may relay: users with a password of their own, and TURN REST secrets.
public record AuthenticationConfig(
        @Default("{}") Map<String, Secret> users,
        @Default("[]") List<Secret> sharedSecrets,
        @Default("10m") Duration staleNonce) {

    /// RFC 8489 §14.3 wants fewer than 509 bytes.
    private static final int MAX_USERNAME_BYTES = 508;

    private static final Pattern KEY = Pattern.compile("0x(\\p{XDigit}{32}|\\p{XDigit}{64})");

    public AuthenticationConfig {
        users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
        sharedSecrets = List.copyOf(sharedSecrets);
        Rules rules = new Rules().range("stale-nonce", staleNonce);
        users.forEach(
                (name, secret) ->
                        rules.check(
                                        isUsername(name),
                                        "users." + name,
                                        "",
                                        "a username has 1 to " + MAX_USERNAME_BYTES + " bytes",
                                        "use a name within these bounds")
                                .check(
                                        isPasswordOrKey(secret.reveal()),
                                        "users." + name,
                                        "",
                                        "it begins with 0x but is no long-term key of 16 (MD5) or"
                                                + " 32 (SHA-256) bytes",
                                        "give all 32 or 64 hexadecimal digits, or a password that"
                                                + " begins otherwise"));
        rules.enforce();
    }

    /// What holds where nothing is set: nobody may relay.
    public static AuthenticationConfig defaults() {
        return Binder.defaults(AuthenticationConfig.class);
    }

    boolean isEmpty() {
        return users.isEmpty() && sharedSecrets.isEmpty();
    }

    private static boolean isUsername(String name) {
        return !name.isBlank() && name.getBytes(UTF_8).length <= MAX_USERNAME_BYTES;
    }

    private static boolean isPasswordOrKey(String secret) {
        return !secret.startsWith("0x") || KEY.matcher(secret).matches();
    }
}
