package io.hairpin.stun;

/// The four classes a STUN message can have (RFC 8489 §5).
public enum MessageClass {
    REQUEST(0b00),
    INDICATION(0b01),
    SUCCESS_RESPONSE(0b10),
    ERROR_RESPONSE(0b11);

    private final int code;

    MessageClass(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static MessageClass of(int twoBits) {
        return switch (twoBits & 0b11) {
            case 0b00 -> REQUEST;
            case 0b01 -> INDICATION;
            case 0b10 -> SUCCESS_RESPONSE;
            default -> ERROR_RESPONSE;
        };
    }
}
