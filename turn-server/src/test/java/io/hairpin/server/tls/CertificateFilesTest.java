package io.hairpin.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Keys and certificates as `openssl` writes them, and what an operator is told of those that
/// cannot be used.
class CertificateFilesTest {

    @TempDir static Path folder;

    private static OpenSsl openssl;

    @BeforeAll
    static void makeKeys() {
        openssl = new OpenSsl(folder);
        String secret = "pass:" + OpenSsl.PASSPHRASE;
        openssl.run("genpkey", "-algorithm", "RSA", "-out", "rsa.key");
        openssl.run("ecparam", "-genkey", "-name", "prime256v1", "-out", "ec-params.key");
        openssl.run("ecparam", "-genkey", "-name", "secp384r1", "-noout", "-out", "p384.key");
        openssl.run("genpkey", "-algorithm", "ed25519", "-out", "ed25519.key");
        openssl.run("rsa", "-in", "rsa.key", "-traditional", "-out", "pkcs1.key");
        openssl.run("pkcs8", "-topk8", "-nocrypt", "-in", "p384.key", "-out", "ec-pkcs8.key");
        openssl.run(
                "rsa",
                "-in",
                "rsa.key",
                "-traditional",
                "-aes256",
                "-passout",
                secret,
                "-out",
                "legacy-aes.key");
        openssl.run(
                "ec", "-in", "p384.key", "-des3", "-passout", secret, "-out", "legacy-3des.key");
        openssl.run(
                "pkcs8",
                "-topk8",
                "-v2",
                "aes-256-cbc",
                "-in",
                "rsa.key",
                "-passout",
                secret,
                "-out",
                "pbes2.key");
        openssl.run(
                "pkcs8",
                "-topk8",
                "-scrypt",
                "-in",
                "p384.key",
                "-passout",
                secret,
                "-out",
                "scrypt.key");
        openssl.run(
                "pkcs8",
                "-topk8",
                "-v1",
                "PBE-SHA1-3DES",
                "-in",
                "ed25519.key",
                "-passout",
                secret,
                "-out",
                "pbes1.key");
        openssl.certificateFor("rsa", "rsa.key", "example.org");
        openssl.certificateFor("p256", "ec-params.key", "example.org");
        openssl.certificateFor("p384", "p384.key", "example.org", "*.example.net");
        openssl.certificateFor("ed25519", "ed25519.key", "example.org");
    }

    @ParameterizedTest
    @CsvSource({
        "rsa, rsa.key, RSA",
        "rsa, pkcs1.key, RSA",
        "p256, ec-params.key, EC",
        "p384, p384.key, EC",
        "p384, ec-pkcs8.key, EC",
        "ed25519, ed25519.key, EdDSA",
        "rsa, legacy-aes.key, RSA",
        "p384, legacy-3des.key, EC",
        "rsa, pbes2.key, RSA",
        "p384, scrypt.key, EC",
        "ed25519, pbes1.key, EdDSA"
    })
    void everyKindOfKeyIsRead(String certificate, String key, String algorithm) {
        Identity identity = files(certificate + ".pem", key, OpenSsl.PASSPHRASE).read();

        assertThat(identity.key().getAlgorithm()).isEqualTo(algorithm);
        assertThat(identity.names()).contains("example.org");
        assertThat(identity.toString()).startsWith("example.org").contains("expires");
    }

    @Test
    void certificateAndKeyMayShareAFile() throws IOException {
        Path both = folder.resolve("both.pem");
        Files.writeString(both, openssl.text("p384.key") + openssl.text("p384.pem"));

        Identity identity = new CertificateFiles(both, both, Optional.empty()).read();

        assertThat(identity.names()).containsExactly("example.org", "*.example.net");
    }

    @Test
    void theChainFollowsTheCertificate() throws IOException {
        Path chain = folder.resolve("chain.pem");
        Files.writeString(
                chain, "p384:\n" + openssl.text("p384.pem") + "\n" + openssl.text("rsa.pem"));

        Identity identity = files("chain.pem", "p384.key", "").read();

        assertThat(identity.chain()).hasSize(2);
        assertThat(identity.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=p384");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws IOException {
        assertRefused("rsa.pem", "p384.key", "rsa.pem: the key in ", "belongs to another");
        assertRefused("p256.pem", "p384.key", "p256.pem: the key in ", "belongs to another");

        Files.writeString(
                folder.resolve("reversed.pem"), openssl.text("rsa.pem") + openssl.text("p384.pem"));
        assertRefused(
                "reversed.pem",
                "p384.key",
                "reversed.pem: the certificate that the key belongs to is on line "
                        + (1 + openssl.text("rsa.pem").lines().count())
                        + ", after another; put it first");
    }

    @Test
    void apassphraseThatIsMissingOrWrongIsNamed() {
        assertRefused(
                "rsa.pem",
                "pbes2.key",
                "pbes2.key: the key on line 1 is encrypted, and there is no passphrase; set"
                        + " key-passphrase beside the key");
        for (String key : new String[] {"pbes2.key", "legacy-aes.key", "scrypt.key", "pbes1.key"}) {
            assertThatThrownBy(() -> files("rsa.pem", key, "TELLTALE").read())
                    .isInstanceOf(UnusableTls.class)
                    .hasMessageContaining(
                            key + ": the key on line 1 does not open with the passphrase")
                    .hasMessageNotContaining("TELLTALE");
        }
    }

    @Test
    void filesWithoutWhatIsWantedAreNamed() throws IOException {
        Files.writeString(folder.resolve("empty.pem"), "\n");
        Files.write(folder.resolve("der.pem"), new byte[] {0x30, (byte) 0x82, 0, 1});
        Files.writeString(
                folder.resolve("half.pem"),
                openssl.text("rsa.pem").substring(0, openssl.text("rsa.pem").length() / 2));
        Files.writeString(
                folder.resolve("two.key"), openssl.text("rsa.key") + openssl.text("p384.key"));
        openssl.run("req", "-new", "-key", "p384.key", "-subj", "/CN=a", "-out", "request.pem");

        assertRefused("missing.pem", "rsa.key", "missing.pem: there is no such file; put it");
        assertRefused("no/such.pem", "rsa.key", "there is no folder " + folder.resolve("no"));
        assertRefused(".", "rsa.key", "it is a directory");
        assertRefused("empty.pem", "rsa.key", "empty.pem: it is empty");
        assertRefused("der.pem", "rsa.key", "der.pem: it is not PEM");
        assertRefused("half.pem", "rsa.key", "half.pem: what begins on line 1 cannot be read");
        assertRefused("rsa.key", "rsa.key", "rsa.key: there is no certificate in it");
        assertRefused("request.pem", "rsa.key", "request for a certificate, not the certificate");
        assertRefused("rsa.pem", "rsa.pem", "rsa.pem: there is no private key in it");
        assertRefused("rsa.pem", "two.key", "two.key: there are private keys on lines 1 and ");
    }

    @Test
    void aLinkToNothingIsNamed() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.pem"), folder.resolve("gone.pem"));

        assertRefused(
                "link.pem", "rsa.key", "link.pem: it is a link to a file that does not exist");
    }

    @Test
    void keysThatClientsOrImplementationsRefuseAreRefused() {
        openssl.run("genrsa", "-out", "short.key", "1024");
        openssl.run("ecparam", "-genkey", "-name", "secp256k1", "-noout", "-out", "coin.key");
        openssl.run("genpkey", "-algorithm", "ed448", "-out", "ed448.key");
        openssl.run("genpkey", "-algorithm", "RSA-PSS", "-out", "pss.key");

        assertRefused("rsa.pem", "short.key", "an RSA key of 1024 bits is too short");
        assertRefused(
                "rsa.pem", "coin.key", "a key of this kind (EC secp256k1) cannot be served by");
        assertRefused("rsa.pem", "ed448.key", "a key of this kind (Ed448) cannot be served by");
        assertRefused("rsa.pem", "pss.key", "a key of this kind (RSASSA-PSS) cannot be served by");
    }

    @Test
    void whoMayNotReadAFileIsToldWithTheUserId() throws IOException {
        Path file = folder.resolve("rsa.key");

        String message =
                FileReading.unreadable(file, new AccessDeniedException(file.toString()))
                        .getMessage();

        assertThat(message)
                .startsWith(file + ": user " + System.getProperty("user.name") + " (uid ")
                .contains(") may not read it (it belongs to ", ", mode rw", "make it readable");
    }

    @Test
    void passphrasesDoNotShow() {
        assertThat(files("rsa.pem", "rsa.key", "TELLTALE").toString()).doesNotContain("TELLTALE");
    }

    private static CertificateFiles files(String certificate, String key, String passphrase) {
        return new CertificateFiles(
                folder.resolve(certificate),
                folder.resolve(key),
                Optional.of(passphrase).filter(text -> !text.isEmpty()));
    }

    private static void assertRefused(String certificate, String key, String... parts) {
        assertThatThrownBy(() -> files(certificate, key, "").read())
                .isInstanceOf(UnusableTls.class)
                .message()
                .contains(parts)
                .hasLineCount(1);
    }
}
