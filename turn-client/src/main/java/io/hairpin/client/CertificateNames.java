package io.hairpin.client;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The servers that a certificate is for: its subjectAltName entries and nothing else (RFC 9525
/// §6.2). For DTLS; the JDK and Netty do this themselves for TLS.
record CertificateNames(Set<String> dnsNames, Set<InetAddress> addresses) {

    // Kinds of names, RFC 5280 §4.2.1.6.
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    static CertificateNames of(X509Certificate certificate) throws CertificateParsingException {
        Set<String> names = new HashSet<>();
        Set<InetAddress> addresses = new HashSet<>();
        Collection<List<?>> entries = certificate.getSubjectAlternativeNames();
        for (List<?> entry : entries == null ? List.<List<?>>of() : entries) {
            if (entry.get(0).equals(DNS_NAME)) {
                names.add(canonical((String) entry.get(1)));
            } else if (entry.get(0).equals(IP_ADDRESS)) {
                addresses.add(InetAddress.ofLiteral((String) entry.get(1)));
            }
        }
        return new CertificateNames(names, addresses);
    }

    /// Whether the host name or IP address is among them. A `*` stands for one whole label, the
    /// leftmost (RFC 9525 §6.3).
    boolean include(String server) {
        if (isAddress(server)) {
            return addresses.contains(InetAddress.ofLiteral(server));
        }
        String name = canonical(server);
        int dot = name.indexOf('.');
        return dnsNames.contains(name) || (dot > 0 && dnsNames.contains("*" + name.substring(dot)));
    }

    static boolean isAddress(String server) {
        try {
            InetAddress.ofLiteral(server);
            return true;
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
