package io.hairpin.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.stun.OpaqueString;

import java.time.Instant;
import java.util.Base64;
import java.util.OptionalLong;

import javax.crypto.spec.SecretKeySpec;

/// A username and password good until a given time, made from a secret that a web service and the
/// relay share, as in draft-uberti-behave-turn-rest-00 §2.2: the username is `timestamp:user` (or
/// the timestamp alone), the password the Base64 of its HMAC-SHA1. Only this order is understood,
/// because `user:timestamp` would make the meaning of a name such as `1700000000:1800000000` a
/// matter of luck.
public record TurnRestCredential(String username, String password) {
    /// What USERNAME can carry (RFC 8489 §14.3).
    private static final int MAX_USERNAME_BYTES = 508;

    /// Fewer digits are a time before September 2001, more are milliseconds or nonsense.
    private static final int MIN_TIMESTAMP_DIGITS = 10;

    private static final int MAX_TIMESTAMP_DIGITS = 12;

    /// Makes a credential as the web service would.
    ///
    /// @param user who will use it, for accounting only; may be empty
    /// @throws IllegalArgumentException if the secret is empty, or no relay would take the name or
    ///     the time
    public static TurnRestCredential mint(String secret, String user, Instant expires) {
        String timestamp = Long.toString(expires.getEpochSecond());
        String name = user.isEmpty() ? timestamp : timestamp + ":" + user;
        String username =
                OpaqueString.prepare(name)
                        .orElseThrow(() -> new IllegalArgumentException("not a username: " + user));
        if (username.getBytes(UTF_8).length > MAX_USERNAME_BYTES) {
            throw new IllegalArgumentException(
                    "the username is longer than " + MAX_USERNAME_BYTES + " bytes");
        }
        if (expirySeconds(username).isEmpty()) {
            throw new IllegalArgumentException("no plausible time of expiry: " + expires);
        }
        return new TurnRestCredential(username, password(key(secret), username));
    }

    static SecretKeySpec key(String secret) {
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("a shared secret is empty");
        }
        return Hmac.SHA_1.key(secret.getBytes(UTF_8));
    }

    static String password(SecretKeySpec secret, String username) {
        return Base64.getEncoder().encodeToString(Hmac.SHA_1.of(secret, username.getBytes(UTF_8)));
    }

    /// When the bearer of this name loses it, in seconds since 1970; empty if the name is not of
    /// this kind.
    static OptionalLong expirySeconds(String username) {
        int colon = username.indexOf(':');
        int digits = colon < 0 ? username.length() : colon;
        if (digits < MIN_TIMESTAMP_DIGITS || digits > MAX_TIMESTAMP_DIGITS) {
            return OptionalLong.empty();
        }
        long seconds = 0;
        for (int i = 0; i < digits; i++) {
            int digit = username.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalLong.empty();
            }
            seconds = seconds * 10 + digit;
        }
        return OptionalLong.of(seconds);
    }

    @Override
    public String toString() {
        return "TurnRestCredential[username=" + username + ", password=***]";
    }
}
