package io.hairpin.server;

import io.hairpin.server.config.Configuration;

import java.util.List;

/// Reads the certificates of a configuration without serving anything: those that it serves by, and
/// those of authorities that it trusts.
public final class CertificateCheck {

    private CertificateCheck() {}

    /// What TLS would be served by, for people to read: a line each, none without a certificate.
    ///
    /// @throws StartupException if a server would not start with them
    public static List<String> describe(Configuration configuration) {
        LookUpPlan.check(configuration);
        if (!configuration.tls().hasCertificate()) {
            return List.of();
        }
        try (ServerCertificates certificates = ServerCertificates.open(configuration)) {
            return certificates.describe();
        }
    }
}
