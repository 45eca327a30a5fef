package io.hairpin.stun;

/// The security features a server can announce in its nonces (RFC 8489 §18.1).
public enum SecurityFeature {
    PASSWORD_ALGORITHMS(0),
    USERNAME_ANONYMITY(1);

    private final int bit;

    SecurityFeature(int bit) {
        this.bit = bit;
    }

    /// The registered number; bit 0 is the leftmost of [NonceCookie]'s 24.
    public int bit() {
        return bit;
    }
}
