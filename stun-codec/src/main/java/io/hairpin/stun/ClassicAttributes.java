package io.hairpin.stun;

import java.net.InetSocketAddress;

/// The attributes that only the classic STUN of RFC 3489 §11.2 has; the others are in [Attributes].
///
/// IANA keeps their numbers reserved, so they are not in the registry that [Attributes] mirrors.
public final class ClassicAttributes {
    /// Where the client wants the answer sent: a way to have a server send packets to a third
    /// party. Hairpin never does.
    public static final AttributeType<InetSocketAddress> RESPONSE_ADDRESS =
            of(0x0002, "RESPONSE-ADDRESS");

    /// Where the answer was sent from.
    public static final AttributeType<InetSocketAddress> SOURCE_ADDRESS =
            of(0x0004, "SOURCE-ADDRESS");

    /// Where it would come from with both flags of CHANGE-REQUEST; OTHER-ADDRESS by its old name.
    public static final AttributeType<InetSocketAddress> CHANGED_ADDRESS =
            of(0x0005, "CHANGED-ADDRESS");

    private ClassicAttributes() {}

    private static AttributeType<InetSocketAddress> of(int code, String name) {
        return new AttributeType<>(code, name, AddressFormat.PLAIN);
    }
}
