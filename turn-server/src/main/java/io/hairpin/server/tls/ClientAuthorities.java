package io.hairpin.server.tls;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// The authorities that may issue certificates to clients, kept in a file that is watched.
public final class ClientAuthorities {

    private static final Logger log = LoggerFactory.getLogger(ClientAuthorities.class);

    private final Optional<Path> file;
    private List<X509Certificate> certificates = List.of();
    private @Nullable Fingerprint accepted;
    private @Nullable String complaint;

    /// Reads them, where there is a file.
    ///
    /// @throws UnusableTls if it cannot be used
    public ClientAuthorities(Optional<Path> file) {
        this.file = file;
        file.ifPresent(path -> accept(path, FileReading.read(path)));
    }

    public List<X509Certificate> certificates() {
        return certificates;
    }

    /// Looks at the file; whether there are others in it now, which are good.
    boolean look() {
        if (file.isEmpty()) {
            return false;
        }
        Path path = file.get();
        try {
            byte[] bytes = FileReading.read(path);
            if (Fingerprint.of(bytes).equals(accepted)) {
                complaint = null;
                return false;
            }
            accept(path, bytes);
            complaint = null;
            log.info("authorities of clients replaced: {}, {} of them", path, certificates.size());
            return true;
        } catch (UnusableTls e) {
            if (!String.valueOf(e.getMessage()).equals(complaint)) {
                complaint = e.getMessage();
                log.warn("authorities of clients not replaced, those in use stay: {}", complaint);
            }
            return false;
        }
    }

    private void accept(Path path, byte[] bytes) {
        certificates =
                PemFile.parse(path, bytes).certificates().stream()
                        .map(PemFile.Certified::certificate)
                        .toList();
        accepted = Fingerprint.of(bytes);
    }
}
