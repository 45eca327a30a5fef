package io.hairpin.stun;

import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What a nonce begins with when its server announces security features (RFC 8489 §9.2).
///
/// Features are 24 bits, written as four base64 characters after a fixed word. They are in the
/// nonce so that nobody between client and server can take one away unnoticed.
public final class NonceCookie {
    private static final String WORD = "obMatJos2";
    private static final int FEATURE_BITS = 24;
    private static final int FEATURE_CHARACTERS = 4;

    private NonceCookie() {}

    public static String prefix(Set<SecurityFeature> features) {
        int bits = 0;
        for (SecurityFeature feature : features) {
            bits |= mask(feature);
        }
        byte[] bytes = {(byte) (bits >> 16), (byte) (bits >> 8), (byte) bits};
        return WORD + Base64.getEncoder().encodeToString(bytes);
    }

    /// The known features of a nonce; empty if it carries no cookie.
    public static Optional<Set<SecurityFeature>> features(String nonce) {
        int end = WORD.length() + FEATURE_CHARACTERS;
        if (!nonce.startsWith(WORD) || nonce.length() < end) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(nonce.substring(WORD.length(), end));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        if (bytes.length * Byte.SIZE != FEATURE_BITS) {
            return Optional.empty();
        }
        int bits = ((bytes[0] & 0xFF) << 16) | ((bytes[1] & 0xFF) << 8) | (bytes[2] & 0xFF);
        EnumSet<SecurityFeature> features = EnumSet.noneOf(SecurityFeature.class);
        for (SecurityFeature feature : SecurityFeature.values()) {
            if ((bits & mask(feature)) != 0) {
                features.add(feature);
            }
        }
        return Optional.of(features);
    }

    private static int mask(SecurityFeature feature) {
        return 1 << (FEATURE_BITS - 1 - feature.bit());
    }
}
