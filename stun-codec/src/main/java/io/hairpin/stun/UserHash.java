package io.hairpin.stun;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The value of USERHASH, which stands for a user name without telling it (RFC 8489 §14.4).
public final class UserHash {
    static final int BYTES = 32;

    private UserHash() {}

    /// Throws `IllegalArgumentException` for a name or realm that [OpaqueString] does not allow.
    public static byte[] of(String username, String realm) {
        String text = prepared(username) + ':' + prepared(realm);
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    private static String prepared(String part) {
        return OpaqueString.prepare(part)
                .orElseThrow(() -> new IllegalArgumentException("not an OpaqueString"));
    }
}
