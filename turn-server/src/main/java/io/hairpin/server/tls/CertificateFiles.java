package io.hairpin.server.tls;

import java.nio.file.Path;
import java.util.Optional;

/// Where a certificate and its key are kept, and what the key is encrypted with.
public record CertificateFiles(Path certificate, Path key, Optional<String> passphrase) {

    /// Reads and checks them.
    ///
    /// @throws UnusableTls if that cannot be served by
    public Identity read() {
        return contents().identity();
    }

    Contents contents() {
        byte[] chain = FileReading.read(certificate);
        return new Contents(this, chain, key.equals(certificate) ? chain : FileReading.read(key));
    }

    @Override
    public String toString() {
        return certificate.toString();
    }

    /// What was in the files at one time.
    static final class Contents {

        private final CertificateFiles files;
        private final byte[] chain;
        private final byte[] key;

        private Contents(CertificateFiles files, byte[] chain, byte[] key) {
            this.files = files;
            this.chain = chain;
            this.key = key;
        }

        Fingerprint fingerprint() {
            return Fingerprint.of(chain, key);
        }

        /// @throws UnusableTls if that cannot be served by
        Identity identity() {
            return Pairing.of(
                    files,
                    PemFile.parse(files.certificate(), chain).certificates(),
                    PemFile.parse(files.key(), key).key(files.passphrase()));
        }
    }
}
