package io.hairpin.server.config;

/// Whether clients prove who they are by a certificate of their own.
public enum ClientCertificates {
    /// They are not asked for one.
    NONE,
    /// They may have none, but one they have must be good.
    OPTIONAL,
    /// Nobody is served without one.
    REQUIRED
}
