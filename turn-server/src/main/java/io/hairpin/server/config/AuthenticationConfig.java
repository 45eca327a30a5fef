package io.hairpin.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.stun.OpaqueString;

import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Who may relay: users with a password of their own, those that TURN REST secrets vouch for,
/// bearers of access tokens, and those whom a web service knows.
public record AuthenticationConfig(
        @Default("{}") Map<String, Secret> users,
        @Default("[]") List<Secret> sharedSecrets,
        @Default("allocate") Expiry expiry,
        @Default("10m") Duration staleNonce,
        OauthConfig oauth,
        WebhookConfig webhook) {

    /// RFC 8489 §14.3 wants fewer than 509 bytes.
    private static final int MAX_USERNAME_BYTES = 508;

    private static final Pattern KEY = Pattern.compile("0x(\\p{XDigit}{32}|\\p{XDigit}{64})");

    private static final int MD5_KEY_CHARS = 2 + 32;
    private static final int SHA_256_KEY_CHARS = 2 + 64;

    public AuthenticationConfig {
        users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
        sharedSecrets = List.copyOf(sharedSecrets);
        Rules rules = new Rules().range("stale-nonce", staleNonce);
        Set<String> prepared = new HashSet<>();
        users.forEach(
                (name, secret) -> {
                    String key = "users." + name;
                    Optional<String> username = username(name);
                    rules.check(
                                    username.isPresent(),
                                    key,
                                    "",
                                    "a username has 1 to "
                                            + MAX_USERNAME_BYTES
                                            + " bytes of printable characters",
                                    "choose another name")
                            .check(
                                    username.isEmpty() || prepared.add(username.get()),
                                    key,
                                    "",
                                    "another user has the same name once prepared (RFC 8265 §4.2)",
                                    "choose another name")
                            .check(
                                    isPasswordOrKey(secret.reveal()),
                                    key,
                                    "",
                                    "it is neither a password of printable characters nor 0x and a"
                                            + " long-term key",
                                    "give a password that does not begin with 0x, or all 32 (MD5)"
                                            + " or 64 (SHA-256) hexadecimal digits of the key");
                });
        rules.check(
                !(hasKeyOf(users, MD5_KEY_CHARS) && hasKeyOf(users, SHA_256_KEY_CHARS)),
                "users",
                "",
                "some have an MD5 key and others a SHA-256 key, so no algorithm serves all",
                "give keys of one kind, or passwords");
        rules.check(
                expiry == Expiry.ALLOCATE || !sharedSecrets.isEmpty() || webhook.isOn(),
                List.of("expiry", "webhook.url"),
                "",
                "without shared secrets or a webhook no credential expires",
                "remove it, or give shared-secrets");
        rules.enforce();
    }

    private static boolean hasKeyOf(Map<String, Secret> users, int chars) {
        return users.values().stream()
                .map(Secret::reveal)
                .anyMatch(secret -> secret.length() == chars && KEY.matcher(secret).matches());
    }

    /// What holds where nothing is set: nobody may relay.
    public static AuthenticationConfig defaults() {
        return Binder.defaults(AuthenticationConfig.class);
    }

    boolean isEmpty() {
        return users.isEmpty() && sharedSecrets.isEmpty() && !oauth.isOn() && !webhook.isOn();
    }

    /// The name as it is looked up; one that changes again when prepared again is refused, as RFC
    /// 8264 §7 has it.
    private static Optional<String> username(String name) {
        return OpaqueString.prepare(name)
                .filter(once -> OpaqueString.prepare(once).filter(once::equals).isPresent())
                .filter(once -> once.getBytes(UTF_8).length <= MAX_USERNAME_BYTES);
    }

    private static boolean isPasswordOrKey(String secret) {
        return secret.startsWith("0x")
                ? KEY.matcher(secret).matches()
                : OpaqueString.prepare(secret).isPresent();
    }
}
