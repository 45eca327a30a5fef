package io.hairpin.dtls;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/// Makes self-signed certificates.
final class TestIdentity {

    static final DtlsIdentity ECDSA = ecdsa("turn.example.org");

    private TestIdentity() {}

    static DtlsIdentity ecdsa(String name) {
        return make(name, "EC", "SHA256withECDSA");
    }

    static DtlsIdentity rsa(String name) {
        return make(name, "RSA", "SHA256withRSA");
    }

    static DtlsIdentity ed25519(String name) {
        return make(name, "Ed25519", "Ed25519");
    }

    private static DtlsIdentity make(String name, String keyAlgorithm, String signature) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(keyAlgorithm);
            switch (keyAlgorithm) {
                case "EC" -> generator.initialize(new ECGenParameterSpec("secp256r1"));
                case "RSA" -> generator.initialize(2048);
                default -> {}
            }
            KeyPair keys = generator.generateKeyPair();
            X500Name subject = new X500Name("CN=" + name);
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            subject,
                            BigInteger.ONE,
                            Date.from(now.minus(Duration.ofDays(1))),
                            Date.from(now.plus(Duration.ofDays(1))),
                            subject,
                            keys.getPublic());
            return new DtlsIdentity(
                    List.of(
                            new JcaX509CertificateConverter()
                                    .getCertificate(
                                            builder.build(
                                                    new JcaContentSignerBuilder(signature)
                                                            .build(keys.getPrivate())))),
                    keys.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
