package io.hairpin.stun;

/// Names an attribute and knows the type of its value.
///
/// The set is open: [Attributes] lists what is registered, [#of(int)] reaches any other.
public final class AttributeType<T> {
    private static final int FIRST_OPTIONAL = 0x8000;

    private final int code;
    private final String name;
    private final AttributeFormat<T> format;

    AttributeType(int code, String name, AttributeFormat<T> format) {
        this.code = code;
        this.name = name;
        this.format = format;
    }

    /// An attribute by number, its value taken as plain bytes.
    public static AttributeType<byte[]> of(int code) {
        if (code < 0 || code > 0xFFFF) {
            throw new IllegalArgumentException("no attribute type: " + code);
        }
        return new AttributeType<>(code, "0x%04X".formatted(code), AttributeFormat.bytes(0xFFFF));
    }

    public int code() {
        return code;
    }

    /// The name in the IANA registry.
    public String name() {
        return name;
    }

    /// Whether a receiver that does not know this attribute must refuse the message.
    public boolean comprehensionRequired() {
        return comprehensionRequired(code);
    }

    static boolean comprehensionRequired(int code) {
        return code < FIRST_OPTIONAL;
    }

    AttributeFormat<T> format() {
        return format;
    }

    @Override
    public String toString() {
        return name;
    }
}
