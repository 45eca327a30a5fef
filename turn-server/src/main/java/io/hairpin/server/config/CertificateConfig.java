package io.hairpin.server.config;

import java.nio.file.Path;
import java.util.Optional;

/// The files of a certificate and its key, and the passphrase the key is encrypted with.
public record CertificateConfig(Path certificate, Path key, Optional<Secret> keyPassphrase) {}
