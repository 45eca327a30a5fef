package io.hairpin.stun;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/// The address families STUN knows, with the codes it gives them (RFC 8489 §14.1).
public enum AddressFamily {
    IPV4(1, 4),
    IPV6(2, 16);

    private final int code;
    private final int addressBytes;

    AddressFamily(int code, int addressBytes) {
        this.code = code;
        this.addressBytes = addressBytes;
    }

    public int code() {
        return code;
    }

    int addressBytes() {
        return addressBytes;
    }

    public static AddressFamily of(InetAddress address) {
        return address instanceof Inet4Address ? IPV4 : IPV6;
    }

    public static Optional<AddressFamily> of(int code) {
        return switch (code) {
            case 1 -> Optional.of(IPV4);
            case 2 -> Optional.of(IPV6);
            default -> Optional.empty();
        };
    }
}
