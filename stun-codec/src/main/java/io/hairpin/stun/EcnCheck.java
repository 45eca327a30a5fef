package io.hairpin.stun;

/// The value of ECN-CHECK: the ECN field a request arrived with (RFC 6679 §7.2.2).
///
/// @param field the two ECN bits of the IP header
/// @param valid whether the responder could read them
public record EcnCheck(int field, boolean valid) {
    public EcnCheck {
        if (field < 0 || field > 0b11) {
            throw new IllegalArgumentException("the ECN field has two bits");
        }
    }
}
