package io.hairpin.server.config;

/// When clients that ask for an allocation are sent to another server.
public enum RedirectWhen {
    /// Whenever there is one for their transport and address family.
    ALWAYS,
    /// When this one has no room for them.
    FULL
}
