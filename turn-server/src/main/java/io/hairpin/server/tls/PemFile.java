package io.hairpin.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.X509TrustedCertificateBlock;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The contents of a PEM file: what is between its BEGIN and END lines, read by Bouncy Castle.
///
/// Whatever reading or decrypting throws becomes an [UnusableTls], with the line it is about.
final class PemFile {

    /// Makes keys of the JDK's own, whoever else offers some: those that Bouncy Castle makes, once
    /// it is a provider, are of `ECDSA`, and TLS of the JDK looks for keys of `EC`.
    private static final JcaPEMKeyConverter KEYS =
            new JcaPEMKeyConverter().setAlgorithmMapping(X9ObjectIdentifiers.id_ecPublicKey, "EC");

    /// Something in the file, and the line it begins on.
    private record Block(Object content, int line) {}

    /// A certificate, and the line it begins on.
    record Certified(X509Certificate certificate, int line) {}

    private static final String BEGIN = "-----BEGIN ";

    private static final String CERTIFICATE_REMEDY =
            "name the file with the certificate and its chain in PEM, often called fullchain.pem";

    private static final String KEY_REMEDY =
            "name the file with the private key in PEM, often called privkey.pem";

    private final Path file;
    private final List<Block> blocks;

    private PemFile(Path file, List<Block> blocks) {
        this.file = file;
        this.blocks = blocks;
    }

    /// @throws UnusableTls if that is no PEM, or broken
    static PemFile parse(Path file, byte[] bytes) {
        if (new String(bytes, US_ASCII).isBlank()) {
            throw new UnusableTls(file, "it is empty", "put the PEM there");
        }
        List<Integer> lines = beginnings(bytes);
        if (lines.isEmpty()) {
            throw new UnusableTls(
                    file,
                    "it is not PEM: there is no line that begins with -----BEGIN",
                    "convert it, from DER with openssl x509 -inform der or openssl pkey -inform"
                            + " der, from PKCS#12 with openssl pkcs12 -nodes");
        }
        List<Block> blocks = new ArrayList<>();
        try (PEMParser parser =
                new PEMParser(new InputStreamReader(new ByteArrayInputStream(bytes), US_ASCII))) {
            for (int line : lines) {
                Object content = next(parser, file, line);
                if (content == null) {
                    throw broken(file, line, "it has no end");
                }
                blocks.add(new Block(content, line));
            }
        } catch (IOException e) {
            throw new UnusableTls(file, "it cannot be closed", "report this"); // it is in memory
        }
        return new PemFile(file, blocks);
    }

    /// All certificates in it, in their order.
    ///
    /// @throws UnusableTls if there is none, or one that cannot be read
    List<Certified> certificates() {
        List<Certified> certificates = new ArrayList<>();
        for (Block block : blocks) {
            certificate(block).ifPresent(certificates::add);
        }
        if (certificates.isEmpty()) {
            boolean request =
                    blocks.stream()
                            .anyMatch(b -> b.content() instanceof PKCS10CertificationRequest);
            throw new UnusableTls(
                    file,
                    request
                            ? "it holds a request for a certificate, not the certificate"
                            : "there is no certificate in it",
                    CERTIFICATE_REMEDY);
        }
        return certificates;
    }

    /// The one private key in it.
    ///
    /// @throws UnusableTls if there is none or more than one, or it cannot be decrypted or read
    PrivateKey key(Optional<String> passphrase) {
        List<Block> keys = blocks.stream().filter(block -> isKey(block.content())).toList();
        if (keys.isEmpty()) {
            throw new UnusableTls(file, "there is no private key in it", KEY_REMEDY);
        }
        if (keys.size() > 1) {
            throw new UnusableTls(
                    file,
                    "there are private keys on lines "
                            + keys.get(0).line()
                            + " and "
                            + keys.get(1).line(),
                    "leave the one that belongs to the certificate");
        }
        Block block = keys.getFirst();
        PrivateKeyInfo encoded =
                switch (block.content()) {
                    case PEMKeyPair pair -> pair.getPrivateKeyInfo();
                    case PrivateKeyInfo key -> key;
                    default -> decrypted(block, passphrase);
                };
        try {
            return KEYS.getPrivateKey(encoded);
        } catch (IOException | RuntimeException e) {
            throw new UnusableTls(
                    file,
                    "the key on line " + block.line() + " is of no kind that TLS can use",
                    "use an RSA, an EC (P-256, P-384, P-521) or an Ed25519 key");
        }
    }

    private static @Nullable Object next(PEMParser parser, Path file, int line) {
        try {
            return parser.readObject();
        } catch (IOException | RuntimeException e) {
            // The parser throws what the many libraries below it do, whatever the bytes are.
            throw broken(file, line, String.valueOf(e.getMessage()));
        }
    }

    private static UnusableTls broken(Path file, int line, String detail) {
        return new UnusableTls(
                file,
                "what begins on line " + line + " cannot be read: " + detail.strip(),
                "see that the file is whole");
    }

    private static List<Integer> beginnings(byte[] bytes) {
        List<Integer> lines = new ArrayList<>();
        int number = 0;
        for (String line : new String(bytes, US_ASCII).lines().toList()) {
            number++;
            if (line.startsWith(BEGIN)) {
                lines.add(number);
            }
        }
        return lines;
    }

    private Optional<Certified> certificate(Block block) {
        X509CertificateHolder holder =
                switch (block.content()) {
                    case X509CertificateHolder certificate -> certificate;
                    case X509TrustedCertificateBlock trusted -> trusted.getCertificateHolder();
                    default -> null;
                };
        if (holder == null) {
            return Optional.empty();
        }
        try {
            Certificate structure = holder.toASN1Structure();
            return Optional.of(
                    new Certified(
                            (X509Certificate)
                                    CertificateFactory.getInstance("X.509")
                                            .generateCertificate(
                                                    new ByteArrayInputStream(
                                                            structure.getEncoded())),
                            block.line()));
        } catch (CertificateException | IOException | RuntimeException e) {
            throw broken(file, block.line(), String.valueOf(e.getMessage()));
        }
    }

    private static boolean isKey(Object content) {
        return content instanceof PEMKeyPair
                || content instanceof PrivateKeyInfo
                || content instanceof PEMEncryptedKeyPair
                || content instanceof PKCS8EncryptedPrivateKeyInfo;
    }

    private PrivateKeyInfo decrypted(Block block, Optional<String> passphrase) {
        char[] secret =
                passphrase
                        .map(String::toCharArray)
                        .orElseThrow(
                                () ->
                                        new UnusableTls(
                                                file,
                                                "the key on line "
                                                        + block.line()
                                                        + " is encrypted, and there is no"
                                                        + " passphrase",
                                                "set key-passphrase beside the key"));
        // Its own provider knows every scheme there is; nobody else gets to see it.
        BouncyCastleProvider provider = new BouncyCastleProvider();
        try {
            return switch (block.content()) {
                case PEMEncryptedKeyPair pair ->
                        pair.decryptKeyPair(
                                        new JcePEMDecryptorProviderBuilder()
                                                .setProvider(provider)
                                                .build(secret))
                                .getPrivateKeyInfo();
                case PKCS8EncryptedPrivateKeyInfo key ->
                        key.decryptPrivateKeyInfo(
                                new JcePKCSPBEInputDecryptorProviderBuilder()
                                        .setProvider(provider)
                                        .build(secret));
                default -> throw new IllegalStateException("not encrypted: " + block);
            };
        } catch (IOException | PKCSException e) {
            throw new UnusableTls(
                    file,
                    "the key on line " + block.line() + " does not open with the passphrase",
                    "correct key-passphrase");
        }
    }
}
