package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.Trust;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A certificate authority that openssl plays, for servers and clients that trust nobody else.
///
/// @param own its own certificate
public record Authority(Path folder, Issued own) {

    /// What a server under test is reached by.
    public static final String SERVER_NAME = "turn.example.org";

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /// PEM files of a certificate and its key.
    public record Issued(Path certificate, Path key) {

        /// SHA-256 of the public key with its algorithm, in Base64: what is pinned.
        public String publicKeyFingerprint() {
            try (InputStream pem = Files.newInputStream(certificate)) {
                byte[] publicKey =
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(pem)
                                .getPublicKey()
                                .getEncoded();
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(publicKey);
                return Base64.getEncoder().encodeToString(hash);
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException("cannot read " + certificate, e);
            }
        }

        private static Issued in(Path folder, String file) {
            return new Issued(folder.resolve(file + ".pem"), folder.resolve(file + ".key"));
        }
    }

    /// Makes one whose files are in a folder.
    static Authority in(Path folder) {
        return in(folder, "Test Authority");
    }

    public static Authority in(Path folder, String name) {
        Issued own = Issued.in(folder, "authority");
        openssl(own, name, "-addext", "keyUsage=critical,keyCertSign,cRLSign");
        return new Authority(folder, own);
    }

    /// A certificate for a server on loopback that goes by [#SERVER_NAME].
    public Issued forServer() {
        return issue("server", SERVER_NAME);
    }

    /// A certificate for these names and both loopback addresses.
    ///
    /// @param file what its files are called, which may exist: they are replaced
    Issued issue(String file, String... names) {
        String alternativeNames =
                Stream.concat(
                                Stream.of(names).map("DNS:%s"::formatted),
                                Stream.of("IP:127.0.0.1", "IP:::1"))
                        .collect(Collectors.joining(","));
        Issued issued = Issued.in(folder, file);
        List<String> signed = new ArrayList<>();
        Collections.addAll(signed, "-CA", own.certificate.toString(), "-CAkey", own.key.toString());
        Collections.addAll(signed, "-addext", "basicConstraints=critical,CA:FALSE");
        Collections.addAll(signed, "-addext", "subjectAltName=" + alternativeNames);
        openssl(issued, names[0], signed.toArray(String[]::new));
        return issued;
    }

    /// What TurnClient believes: this authority alone.
    Trust trust() {
        try {
            return Trust.pemFile(own.certificate);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the authority's certificate", e);
        }
    }

    private static void openssl(Issued files, String name, String... options) {
        List<String> command = new ArrayList<>();
        Collections.addAll(command, Tool.OPENSSL.path(), "req", "-x509", "-noenc", "-days", "30");
        Collections.addAll(command, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        Collections.addAll(command, "-subj", "/CN=" + name);
        Collections.addAll(command, "-keyout", files.key.toString());
        Collections.addAll(command, "-out", files.certificate.toString());
        Collections.addAll(command, options);
        Program.Finished run = Program.run(command, DEADLINE);
        assertThat(run.exitCode()).as("%s:\n%s", command, run.output()).isZero();
    }
}
