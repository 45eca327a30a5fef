package io.hairpin.client;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Stream;

/// A certificate that a test's server made for itself, with its P-256 key.
public record SelfSigned(X509Certificate certificate, PrivateKey key) {

    public static final String CERTIFICATE_FILE = "cert.pem";
    public static final String KEY_FILE = "key.pem";

    public static SelfSigned of(String... names) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            X500Name subject = new X500Name("CN=test");
            Instant now = Instant.now();
            var builder =
                    new JcaX509v3CertificateBuilder(
                            subject,
                            BigInteger.ONE,
                            Date.from(now.minus(Duration.ofHours(1))),
                            Date.from(now.plus(Duration.ofDays(1))),
                            subject,
                            pair.getPublic());
            GeneralName[] alternatives =
                    Stream.of(names).map(SelfSigned::name).toArray(GeneralName[]::new);
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
            return new SelfSigned(
                    new JcaX509CertificateConverter().getCertificate(builder.build(signer)),
                    pair.getPrivate());
        } catch (Exception e) {
            throw new AssertionError("cannot make a certificate", e);
        }
    }

    /// Writes both as PEM files into a folder.
    public void writeTo(Path folder) throws IOException {
        try {
            Files.writeString(
                    folder.resolve(CERTIFICATE_FILE), pem("CERTIFICATE", certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
        Files.writeString(folder.resolve(KEY_FILE), pem("PRIVATE KEY", key.getEncoded()));
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN %s-----\n%s\n-----END %1$s-----\n"
                .formatted(what, Base64.getMimeEncoder().encodeToString(content));
    }

    private static GeneralName name(String name) {
        try {
            InetAddress.ofLiteral(name);
            return new GeneralName(GeneralName.iPAddress, name);
        } catch (IllegalArgumentException notAnAddress) {
            return new GeneralName(GeneralName.dNSName, name);
        }
    }
}
