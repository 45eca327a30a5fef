package io.hairpin.stun;

/// The value of ADDRESS-ERROR-CODE: why one family of a dual allocation failed (RFC 8656 §18.12).
public record AddressError(AddressFamily family, int code, String reason) {
    public AddressError {
        if (code < ErrorValue.MIN_CODE || code > ErrorValue.MAX_CODE) {
            throw new IllegalArgumentException("no STUN error code: " + code);
        }
    }

    public static AddressError of(AddressFamily family, ErrorCode code) {
        return new AddressError(family, code.code(), code.reason());
    }
}
