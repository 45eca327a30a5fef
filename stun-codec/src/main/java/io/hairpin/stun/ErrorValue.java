package io.hairpin.stun;

/// The value of ERROR-CODE (RFC 8489 §14.8).
///
/// The code is a plain number, since peers may send codes that no registry knows.
public record ErrorValue(int code, String reason) {
    static final int MIN_CODE = 300;
    static final int MAX_CODE = 699;

    public ErrorValue {
        if (code < MIN_CODE || code > MAX_CODE) {
            throw new IllegalArgumentException("no STUN error code: " + code);
        }
    }

    public static ErrorValue of(ErrorCode code) {
        return new ErrorValue(code.code(), code.reason());
    }
}
