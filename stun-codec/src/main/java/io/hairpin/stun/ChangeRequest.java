package io.hairpin.stun;

/// The value of CHANGE-REQUEST: from where the answer shall come (RFC 5780 §7.2).
public record ChangeRequest(boolean address, boolean port) {}
