package io.hairpin.server.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The cipher suites to offer, in the order of preference.
final class CipherSuites {

    /// RFC 8446 §B.4 without CCM, which nobody offers.
    private static final List<String> TLS_1_3 =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");

    /// RFC 9325 §4.2: forward secrecy and authenticated encryption.
    private static final List<String> TLS_1_2 =
            List.of(
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /// RFC 9325 §4.1 forbids them.
    private static final Pattern BROKEN =
            Pattern.compile(".*_(NULL|EXPORT|RC4|DES|3DES|anon|MD5)(_.*)?");

    private static final String KEY = "tls.ciphers";

    private CipherSuites() {}

    /// @param supported those that the implementation knows
    /// @param fixed whether it offers all suites of TLS 1.3 or none of them, as BoringSSL does
    /// @throws UnusableTls if one of those wanted cannot be offered
    static List<String> of(
            List<String> wanted, List<String> protocols, Set<String> supported, boolean fixed) {
        for (String suite : wanted) {
            if (BROKEN.matcher(suite).matches()) {
                throw new UnusableTls(KEY, suite + " protects nothing", "remove it");
            }
            if (!TLS_1_3.contains(suite) && !supported.contains(suite)) {
                throw new UnusableTls(
                        KEY,
                        suite + " is not known to this implementation of TLS",
                        "choose among " + String.join(", ", TLS_1_2));
            }
        }
        List<String> newer = wanted.stream().filter(TLS_1_3::contains).toList();
        List<String> older = wanted.stream().filter(suite -> !TLS_1_3.contains(suite)).toList();
        boolean offersNewer = protocols.contains("TLSv1.3");
        if (fixed && offersNewer && !newer.isEmpty() && newer.size() < TLS_1_3.size()) {
            throw new UnusableTls(
                    KEY,
                    "BoringSSL offers all the suites of TLS 1.3 or none",
                    "name none of them, or set tls.provider to jdk");
        }
        List<String> offered = new ArrayList<>();
        if (offersNewer) {
            offered.addAll(newer.isEmpty() ? TLS_1_3 : newer);
        }
        if (protocols.contains("TLSv1.2")) {
            Stream<String> modern = TLS_1_2.stream().filter(supported::contains);
            offered.addAll(older.isEmpty() ? modern.toList() : older);
        }
        return offered;
    }
}
