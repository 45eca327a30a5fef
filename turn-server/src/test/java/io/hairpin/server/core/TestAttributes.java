package io.hairpin.server.core;

import io.hairpin.stun.AttributeType;

/// Attributes with values that break their format.
final class TestAttributes {

    private TestAttributes() {}

    /// The same attribute with any bytes for a value.
    static AttributeType<byte[]> raw(AttributeType<?> type) {
        return AttributeType.of(type.code());
    }
}
