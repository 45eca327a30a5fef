package io.hairpin.server.auth;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HMAC over one array, callable from any thread without a lock.
///
/// A `Mac` holds the state of the computation under way, so it cannot be shared, and looking one up
/// costs as much as a short HMAC. Each thread therefore keeps one and keys it anew for every call,
/// which also clears whatever an earlier call left behind.
enum Hmac {
    SHA_1("HmacSHA1"),
    SHA_256("HmacSHA256");

    private static final ThreadLocal<Mac> SHA_1_OF_THREAD = ThreadLocal.withInitial(SHA_1::create);
    private static final ThreadLocal<Mac> SHA_256_OF_THREAD =
            ThreadLocal.withInitial(SHA_256::create);

    private final String algorithm;

    Hmac(String algorithm) {
        this.algorithm = algorithm;
    }

    /// A key for [#of], which refuses an empty one.
    SecretKeySpec key(byte[] bytes) {
        return new SecretKeySpec(bytes, algorithm);
    }

    byte[] of(SecretKeySpec key, byte[] message) {
        Mac mac =
                switch (this) {
                    case SHA_1 -> SHA_1_OF_THREAD.get();
                    case SHA_256 -> SHA_256_OF_THREAD.get();
                };
        try {
            mac.init(key);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("HMAC takes a key of any length", e);
        }
        return mac.doFinal(message);
    }

    private Mac create() {
        try {
            return Mac.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
