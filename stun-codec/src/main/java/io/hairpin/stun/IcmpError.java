package io.hairpin.stun;

/// The value of ICMP: an error a relayed packet met (RFC 8656 §18.13).
///
/// @param data what the type defines, such as the next-hop MTU; otherwise zero
public record IcmpError(int type, int code, int data) {
    static final int MAX_TYPE = 0x7F;
    static final int MAX_CODE = 0x1FF;

    public IcmpError {
        if (type < 0 || type > MAX_TYPE || code < 0 || code > MAX_CODE) {
            throw new IllegalArgumentException("no ICMP type and code: " + type + ", " + code);
        }
    }
}
