package io.hairpin.server.tls;

import static org.junit.jupiter.api.Assumptions.abort;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The `openssl` command, which makes keys and certificates as operators do. Tests are left out
/// where there is none, unless the environment has `REQUIRE_INTEROP`.
public record OpenSsl(Path folder) {

    static final String PASSPHRASE = "correct horse";

    /// A self-signed certificate for these names with a key on P-256, in `NAME.pem` and `NAME.key`.
    public CertificateFiles certificate(String name, String... dnsNames) {
        run("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", name + ".key");
        return certificateFor(name, name + ".key", dnsNames);
    }

    /// The same for a key that exists.
    public CertificateFiles certificateFor(String name, String key, String... dnsNames) {
        run(
                "req",
                "-x509",
                "-new",
                "-key",
                key,
                "-passin",
                "pass:" + PASSPHRASE,
                "-out",
                name + ".pem",
                "-days",
                "30",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=DNS:" + String.join(",DNS:", dnsNames));
        return files(name, key);
    }

    CertificateFiles files(String name, String key) {
        return new CertificateFiles(
                folder.resolve(name + ".pem"), folder.resolve(key), Optional.empty());
    }

    /// Runs it in the folder, with these arguments.
    public void run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + " failed: " + said);
            }
        } catch (IOException e) {
            if (!System.getenv().getOrDefault("REQUIRE_INTEROP", "").isEmpty()) {
                throw new AssertionError("there is no openssl, and REQUIRE_INTEROP is set", e);
            }
            abort("there is no openssl");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    String text(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }
}
