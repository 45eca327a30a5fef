package io.hairpin.stun;

/// The two ways a message is protected, the stronger one last (RFC 8489 §14.5, §14.6).
public enum Integrity {
    SHA1("HmacSHA1", 20),
    SHA256("HmacSHA256", 32);

    private final String macAlgorithm;
    private final int tagBytes;

    Integrity(String macAlgorithm, int tagBytes) {
        this.macAlgorithm = macAlgorithm;
        this.tagBytes = tagBytes;
    }

    String macAlgorithm() {
        return macAlgorithm;
    }

    int tagBytes() {
        return tagBytes;
    }

    AttributeType<byte[]> attribute() {
        return switch (this) {
            case SHA1 -> Attributes.MESSAGE_INTEGRITY;
            case SHA256 -> Attributes.MESSAGE_INTEGRITY_SHA256;
        };
    }
}
