package io.hairpin.stun;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The key that protects the messages of one user (RFC 8489 §9).
public final class IntegrityKey {
    private final byte[] bytes;

    private IntegrityKey(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("an integrity key has at least one byte");
        }
        this.bytes = bytes;
    }

    /// Derives the key of the long-term credential mechanism (RFC 8489 §18.5.1).
    ///
    /// Throws `IllegalArgumentException` for an algorithm that is not registered, and for a name,
    /// realm or password that [OpaqueString] does not allow: prepare what comes from outside first.
    public static IntegrityKey longTerm(
            PasswordAlgorithm algorithm, String username, String realm, String password) {
        String credential = prepared(username) + ':' + prepared(realm) + ':' + prepared(password);
        String digest;
        if (algorithm.equals(PasswordAlgorithm.MD5)) {
            digest = "MD5";
        } else if (algorithm.equals(PasswordAlgorithm.SHA_256)) {
            digest = "SHA-256";
        } else {
            throw new IllegalArgumentException("no such password algorithm: " + algorithm);
        }
        return new IntegrityKey(digest(digest).digest(credential.getBytes(StandardCharsets.UTF_8)));
    }

    /// The key of the short-term credential mechanism, which ICE uses (RFC 8489 §9.1.1).
    public static IntegrityKey shortTerm(String password) {
        return new IntegrityKey(prepared(password).getBytes(StandardCharsets.UTF_8));
    }

    /// A key that was derived elsewhere.
    public static IntegrityKey ofBytes(byte[] bytes) {
        return new IntegrityKey(bytes.clone());
    }

    /// Computes the tag for an integrity attribute that begins at `offset`.
    ///
    /// It covers everything before, with a length in the header as if the message ended behind
    /// that attribute (RFC 8489 §14.5).
    byte[] tag(Integrity integrity, byte[] message, int offset, int valueBytes) {
        int length = offset + StunHeader.ATTRIBUTE_HEADER_BYTES + valueBytes - StunHeader.BYTES;
        try {
            Mac mac = Mac.getInstance(integrity.macAlgorithm());
            mac.init(new SecretKeySpec(bytes, integrity.macAlgorithm()));
            mac.update(message, 0, StunHeader.LENGTH_OFFSET);
            mac.update((byte) (length >> 8));
            mac.update((byte) length);
            mac.update(message, StunHeader.COOKIE_OFFSET, offset - StunHeader.COOKIE_OFFSET);
            return mac.doFinal();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HMAC-SHA-1 and HMAC-SHA-256", missing);
        }
    }

    /// Compares in constant time.
    @Override
    public boolean equals(Object other) {
        return other instanceof IntegrityKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "IntegrityKey[redacted]";
    }

    private static String prepared(String part) {
        return OpaqueString.prepare(part)
                .orElseThrow(() -> new IllegalArgumentException("not an OpaqueString"));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has " + algorithm, missing);
        }
    }
}
