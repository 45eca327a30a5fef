package io.hairpin.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Set;

/// Puts a certificate and its key together, if they belong together and clients would take them.
final class Pairing {

    /// RFC 9325 §4.5.
    private static final int MIN_RSA_BITS = 2048;

    /// P-256, P-384 and P-521, which both implementations of TLS here know.
    private static final Set<String> CURVES = Set.of("secp256r1", "secp384r1", "secp521r1");

    private static final byte[] PROBE = "does the key fit".getBytes(US_ASCII);

    private Pairing() {}

    /// @throws UnusableTls if they do not make an identity that can be served
    static Identity of(
            CertificateFiles files, List<PemFile.Certified> certificates, PrivateKey key) {
        check(files.key(), key);
        X509Certificate own = certificates.getFirst().certificate();
        if (!fits(key, own.getPublicKey())) {
            throw certificates.stream()
                    .skip(1)
                    .filter(other -> fits(key, other.certificate().getPublicKey()))
                    .findFirst()
                    .map(
                            other ->
                                    new UnusableTls(
                                            files.certificate(),
                                            "the certificate that the key belongs to is on line "
                                                    + other.line()
                                                    + ", after another",
                                            "put it first, then the one that signed it, and so"
                                                    + " on"))
                    .orElseGet(
                            () ->
                                    new UnusableTls(
                                            files.certificate(),
                                            "the key in "
                                                    + files.key()
                                                    + " belongs to another certificate",
                                            "name the two files that were issued together"));
        }
        return new Identity(
                certificates.stream().map(PemFile.Certified::certificate).toList(), key);
    }

    private static void check(Path file, PrivateKey key) {
        if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
            throw new UnusableTls(
                    file,
                    "an RSA key of " + rsa.getModulus().bitLength() + " bits is too short",
                    "have a certificate issued for one of " + MIN_RSA_BITS + " bits or more");
        }
        boolean usable =
                switch (key) {
                    // BoringSSL knows no RSASSA-PSS keys.
                    case RSAKey _ -> key.getAlgorithm().equals("RSA");
                    case ECKey ec -> CURVES.contains(curve(ec).getName());
                    case EdECKey edwards -> edwards.getParams().getName().equals("Ed25519");
                    default -> false;
                };
        if (!usable) {
            throw new UnusableTls(
                    file,
                    "a key of this kind (" + kind(key) + ") cannot be served by",
                    "use an RSA, an EC (P-256, P-384, P-521) or an Ed25519 key");
        }
    }

    private static String kind(PrivateKey key) {
        return switch (key) {
            case ECKey ec -> "EC " + curve(ec).getName();
            case EdECKey edwards -> edwards.getParams().getName();
            default -> key.getAlgorithm();
        };
    }

    private static ECGenParameterSpec curve(ECKey key) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(key.getParams());
            return parameters.getParameterSpec(ECGenParameterSpec.class);
        } catch (GeneralSecurityException e) {
            return new ECGenParameterSpec("of a curve without a name");
        }
    }

    /// Whether one verifies what the other signs.
    private static boolean fits(PrivateKey key, PublicKey certified) {
        String algorithm =
                switch (key) {
                    case ECKey _ -> "SHA256withECDSA";
                    case RSAKey _ -> "SHA256withRSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // of another kind, or of another length
        }
    }
}
