package io.hairpin.stun;

/// The value of an attribute that says all by being there.
public enum Present {
    PRESENT
}
