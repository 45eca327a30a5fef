package io.hairpin.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.hairpin.stun.NonceCookie;
import io.hairpin.stun.SecurityFeature;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

import javax.crypto.spec.SecretKeySpec;

/// Nonces that need no memory: each one proves by itself that this server issued it, when, and to
/// whom, so a flood of unauthenticated requests leaves nothing behind. Thread-safe.
///
/// ```
/// obMatJos2 wAAA  22 characters of base64url
/// cookie    bits  128 bits of HMAC-SHA256 over both, generation, address and port
/// ```
///
/// A challenge is the longest answer that strangers get, so there is no more in it than is needed.
/// Time is cut into generations as long as a nonce is meant to live. The nonce of the current
/// generation is valid; the one before stays so for a while after the change, so that not every
/// client is turned away at the same instant. Servers that share the key and the clock honour each
/// other's nonces.
public final class Nonces {
    public enum State {
        VALID,
        /// Too old, made for another address, altered, or never ours. The client needs a fresh one
        /// in every case.
        STALE
    }

    public static final int MIN_KEY_BYTES = 16;

    /// The longest the previous generation outlives its end; half the life of a nonce where that is
    /// shorter.
    static final Duration MAX_GRACE = Duration.ofSeconds(60);

    private static final int COOKIE_CHARS = 13;
    private static final int MAC_BYTES = 16;
    private static final int MAC_CHARS = 22;

    /// RFC 8489 §14.10 asks for fewer than 128 characters.
    static final int CHARS = COOKIE_CHARS + MAC_CHARS;

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;
    private final long lifeMillis;
    private final long graceMillis;
    private final InstantSource clock;

    /// @param key random bytes, new in every process unless several servers stand in for each other
    /// @param staleNonce how long a nonce is good for
    public Nonces(byte[] key, Duration staleNonce, InstantSource clock) {
        if (key.length < MIN_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "the key is shorter than " + MIN_KEY_BYTES + " bytes");
        }
        if (staleNonce.toMillis() <= 0) {
            throw new IllegalArgumentException(
                    "the life of a nonce is not positive: " + staleNonce);
        }
        this.key = Hmac.SHA_256.key(key);
        this.lifeMillis = staleNonce.toMillis();
        this.graceMillis = Math.min(MAX_GRACE.toMillis(), lifeMillis / 2);
        this.clock = clock;
    }

    /// A nonce of the current generation for this client, announcing the given features.
    public String issue(InetSocketAddress client, Set<SecurityFeature> features) {
        return nonce(
                NonceCookie.prefix(features), Math.floorDiv(clock.millis(), lifeMillis), client);
    }

    /// Whether the nonce is one of ours, for this client, and still good.
    public State check(String nonce, InetSocketAddress client) {
        if (nonce.length() != CHARS) {
            return State.STALE;
        }
        // What should be there is made again and compared, so nothing in the nonce needs to be
        // parsed or trusted.
        long now = clock.millis();
        long generation = Math.floorDiv(now, lifeMillis);
        boolean inGrace = Math.floorMod(now, lifeMillis) < graceMillis;
        boolean valid =
                isOf(generation, nonce, client) || (inGrace && isOf(generation - 1, nonce, client));
        return valid ? State.VALID : State.STALE;
    }

    private boolean isOf(long generation, String nonce, InetSocketAddress client) {
        String expected = nonce(nonce.substring(0, COOKIE_CHARS), generation, client);
        return MessageDigest.isEqual(expected.getBytes(UTF_8), nonce.getBytes(UTF_8));
    }

    private String nonce(String cookie, long generation, InetSocketAddress client) {
        byte[] cookieBytes = cookie.getBytes(UTF_8);
        byte[] address = requireNonNull(client.getAddress(), "unresolved address").getAddress();
        // The parts have fixed lengths except the address, which is last but for the port: no two
        // inputs look alike.
        byte[] signed =
                ByteBuffer.allocate(cookieBytes.length + Long.BYTES + address.length + Short.BYTES)
                        .put(cookieBytes)
                        .putLong(generation)
                        .put(address)
                        .putShort((short) client.getPort())
                        .array();
        byte[] mac = Hmac.SHA_256.of(key, signed);
        return cookie + BASE64.encodeToString(Arrays.copyOf(mac, MAC_BYTES));
    }
}
