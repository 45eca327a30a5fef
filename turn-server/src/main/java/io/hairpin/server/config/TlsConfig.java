package io.hairpin.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How clients are served over TLS and DTLS: by which certificates, and with what cryptography.
///
/// @param moreCertificates chosen over the first for clients that ask for one of their names
/// @param selfSigned whether a certificate is made up at each start, for trying things out
/// @param ciphers the suites that are offered, by their IANA names; none means the modern ones
/// @param rawPublicKeys whether clients that would rather have it so are shown the key of a
///     certificate alone (RFC 7250)
/// @param reloadInterval how often the files are looked at; zero for never
public record TlsConfig(
        Optional<Path> certificate,
        Optional<Path> key,
        Optional<Secret> keyPassphrase,
        @Default("[]") List<CertificateConfig> moreCertificates,
        @Default("false") boolean selfSigned,
        @Default("[ TLSv1.3, TLSv1.2 ]") List<TlsVersion> versions,
        @Default("[]") List<String> ciphers,
        @Default("none") ClientCertificates clientCertificates,
        Optional<Path> clientCa,
        @Default("false") boolean rawPublicKeys,
        @Default("1m") Duration reloadInterval,
        @Default("336h") Duration expiryWarning,
        @Default("auto") TlsProvider provider) {

    /// Without a limit a mistaken template could have a server hold any number.
    private static final int MAX_CERTIFICATES = 1000;

    private static final Duration MAX_EXPIRY_WARNING = Duration.ofDays(365);

    private static final Pattern SUITE = Pattern.compile("TLS_[A-Z0-9_]+");

    public TlsConfig {
        moreCertificates = List.copyOf(moreCertificates);
        versions = List.copyOf(versions);
        ciphers = List.copyOf(ciphers);
        boolean mayServe = certificate.isPresent() || selfSigned;
        boolean asksClients = clientCertificates != ClientCertificates.NONE;
        new Rules()
                .checkAll(certificateRules(certificate, key, keyPassphrase, selfSigned))
                .check(
                        certificate.isPresent() || moreCertificates.isEmpty(),
                        "more-certificates",
                        "",
                        "there is no first certificate, for clients that name none of these",
                        "set tls.certificate and tls.key, to one of these if none stands out")
                .range("more-certificates", moreCertificates.size(), 0, MAX_CERTIFICATES - 1)
                .check(
                        !versions.isEmpty(),
                        "versions",
                        "[]",
                        "no version is left to offer",
                        "name TLSv1.3, TLSv1.2 or both")
                .checkAll(cipherRules(ciphers))
                .check(
                        !asksClients || clientCa.isPresent(),
                        "client-certificates",
                        TextType.format(ClientCertificates.class, clientCertificates),
                        "there is no authority to check them by",
                        "set tls.client-ca to the certificates of those that may issue them")
                .check(
                        !asksClients || mayServe,
                        "client-certificates",
                        TextType.format(ClientCertificates.class, clientCertificates),
                        "without a certificate of its own the server serves no TLS",
                        "set tls.certificate and tls.key")
                .check(
                        asksClients || clientCa.isEmpty(),
                        "client-ca",
                        clientCa.map(Path::toString).orElse(""),
                        "clients are not asked for certificates, so nothing would be checked",
                        "set tls.client-certificates to optional or required, or remove this key")
                .check(
                        !rawPublicKeys || mayServe,
                        "raw-public-keys",
                        "true",
                        "there is no certificate, whose key would be shown",
                        "set tls.certificate and tls.key, or remove this key")
                .check(
                        !rawPublicKeys || !asksClients,
                        List.of("raw-public-keys", "client-certificates"),
                        "true",
                        "clients that are shown raw public keys are not asked for certificates",
                        "set tls.client-certificates to none, or remove this key")
                .range("reload-interval", reloadInterval, Duration.ZERO, Duration.ofHours(24))
                .range("expiry-warning", expiryWarning, Duration.ZERO, MAX_EXPIRY_WARNING)
                .enforce();
    }

    /// What holds where nothing is set: no certificate, so neither TLS nor DTLS.
    public static TlsConfig defaults() {
        return Binder.defaults(TlsConfig.class);
    }

    /// The defaults with a certificate made up at each start, for trying things out.
    public static TlsConfig tryOut() {
        TlsConfig defaults = defaults();
        return new TlsConfig(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                true,
                defaults.versions(),
                defaults.ciphers(),
                defaults.clientCertificates(),
                Optional.empty(),
                defaults.rawPublicKeys(),
                defaults.reloadInterval(),
                defaults.expiryWarning(),
                defaults.provider());
    }

    /// Whether there is any certificate, so that TLS and DTLS are served.
    public boolean hasCertificate() {
        return certificate.isPresent() || selfSigned;
    }

    /// All that are configured, beginning with the one for clients that name none of them.
    public List<CertificateConfig> certificates() {
        return Stream.concat(
                        certificate.stream()
                                .flatMap(
                                        file ->
                                                key.stream()
                                                        .map(
                                                                k ->
                                                                        new CertificateConfig(
                                                                                file,
                                                                                k,
                                                                                keyPassphrase))),
                        moreCertificates.stream())
                .toList();
    }

    private static List<Violation> certificateRules(
            Optional<Path> certificate,
            Optional<Path> key,
            Optional<Secret> keyPassphrase,
            boolean selfSigned) {
        Rules rules = new Rules();
        rules.check(
                certificate.isEmpty() || key.isPresent(),
                List.of("certificate", "key"),
                certificate.map(Path::toString).orElse(""),
                "the key that belongs to it is missing",
                "set tls.key to the file that holds it, be it the same");
        rules.check(
                key.isEmpty() || certificate.isPresent(),
                List.of("key", "certificate"),
                key.map(Path::toString).orElse(""),
                "the certificate that belongs to it is missing",
                "set tls.certificate to the file that holds it and its chain");
        rules.check(
                keyPassphrase.isEmpty() || key.isPresent(),
                List.of("key-passphrase", "key"),
                "",
                "there is no key for it",
                "set tls.key, or remove the passphrase");
        rules.check(
                !selfSigned || certificate.isEmpty(),
                List.of("self-signed", "certificate"),
                "true",
                "there is a certificate as well",
                "remove tls.self-signed, which is for trying things out");
        return rules.violations();
    }

    private static List<Violation> cipherRules(List<String> ciphers) {
        List<Violation> violations = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < ciphers.size(); i++) {
            String cipher = ciphers.get(i);
            List<String> key = List.of("ciphers[" + i + "]");
            if (!SUITE.matcher(cipher).matches()) {
                violations.add(
                        new Violation(
                                key,
                                cipher,
                                "it is not the name of a cipher suite",
                                "use its IANA name, such as"
                                        + " TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
            } else if (!seen.add(cipher)) {
                violations.add(
                        new Violation(key, cipher, "it is there twice", "remove one of the two"));
            }
        }
        return violations;
    }
}
