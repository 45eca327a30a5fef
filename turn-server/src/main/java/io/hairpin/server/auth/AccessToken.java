package io.hairpin.server.auth;

import io.hairpin.stun.IntegrityKey;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// What is encrypted within an access token (RFC 7635 §6.2):
///
/// ```
/// key_length (16 bits) | mac_key | timestamp (64 bits) | lifetime (32 bits)
/// ```
///
/// The timestamp has 48 bits of seconds since 1970 and 16 bits of 1/64000 seconds.
///
/// @param key what its bearer signs requests with
/// @param cutKey what coturn makes of that key: it signs and verifies with 16 bytes whatever the
///     token says
/// @param issued when the authorization server made it
record AccessToken(
        IntegrityKey key, IntegrityKey cutKey, int keyBytes, Instant issued, Duration lifetime) {
    /// The key of HMAC-SHA-1, which every server takes; a shorter one could be guessed sooner.
    static final int MIN_MAC_KEY_BYTES = 20;

    /// What coturn takes of any key, which is as long as one of MD5.
    private static final int CUT_KEY_BYTES = 16;

    /// What HMAC takes of a key before it hashes it.
    static final int MAX_MAC_KEY_BYTES = 64;

    private static final int FIXED_BYTES = Short.BYTES + Long.BYTES + Integer.BYTES;
    static final int MIN_BYTES = FIXED_BYTES + MIN_MAC_KEY_BYTES;
    static final int MAX_BYTES = FIXED_BYTES + MAX_MAC_KEY_BYTES;

    private static final int FRACTION_BITS = 16;
    private static final int FRACTION_MASK = 0xFFFF;
    private static final int FRACTIONS_PER_SECOND = 64_000;
    private static final long NANOS_PER_FRACTION = 1_000_000_000L / FRACTIONS_PER_SECOND;

    /// Reads what was decrypted; empty unless all of it, and nothing more, is there.
    static Optional<AccessToken> parse(byte[] block) {
        if (block.length < MIN_BYTES || block.length > MAX_BYTES) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(block);
        int keyBytes = bytes.getShort() & 0xFFFF;
        if (keyBytes != block.length - FIXED_BYTES) {
            return Optional.empty();
        }
        byte[] macKey = new byte[keyBytes];
        bytes.get(macKey);
        long timestamp = bytes.getLong();
        Instant issued =
                Instant.ofEpochSecond(
                        timestamp >>> FRACTION_BITS,
                        (timestamp & FRACTION_MASK) * NANOS_PER_FRACTION);
        Duration lifetime = Duration.ofSeconds(bytes.getInt() & 0xFFFFFFFFL);
        return Optional.of(of(macKey, issued, lifetime));
    }

    static AccessToken of(byte[] macKey, Instant issued, Duration lifetime) {
        return new AccessToken(
                IntegrityKey.ofBytes(macKey),
                IntegrityKey.ofBytes(Arrays.copyOf(macKey, CUT_KEY_BYTES)),
                macKey.length,
                issued,
                lifetime);
    }
}
