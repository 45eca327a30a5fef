package io.hairpin.server.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// A certificate with the chain that vouches for it, the server's own first, and its key.
public record Identity(List<X509Certificate> chain, PrivateKey key) {

    /// The kinds of SAN, RFC 5280 §4.2.1.6.
    private static final int DNS_NAME = 2;

    private static final int IP_ADDRESS = 7;

    public Identity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an identity has a certificate");
        }
    }

    /// The server's own certificate.
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /// The host names that clients may know the server by, in lower case; `*.` begins a wildcard.
    /// Where the certificate lists none of any kind, the common name of its subject stands in.
    public List<String> names() {
        List<String> dns = alternatives(DNS_NAME);
        if (!dns.isEmpty() || !alternatives(IP_ADDRESS).isEmpty()) {
            return dns;
        }
        return commonName();
    }

    /// The names and the addresses, for people to tell certificates apart.
    public List<String> namesAndAddresses() {
        List<String> all = new ArrayList<>(names());
        all.addAll(alternatives(IP_ADDRESS));
        return all;
    }

    /// The SHA-256 of its public key, by which clients know a key that comes without a certificate;
    /// in base64, as pins are written (RFC 7469 §2.4).
    public String pin() {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(certificate().getPublicKey().getEncoded());
            return "pin-sha256:" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// When the first of the chain expires, and clients begin to refuse it.
    public Instant expires() {
        return chain.stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    private List<String> alternatives(int kind) {
        Set<String> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> alternatives = certificate().getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (Integer.valueOf(kind).equals(alternative.getFirst())) {
                        names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of(); // a name nobody can read matches nobody
        }
        return List.copyOf(names);
    }

    private List<String> commonName() {
        try {
            LdapName subject = new LdapName(certificate().getSubjectX500Principal().getName());
            return subject.getRdns().reversed().stream()
                    .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                    .map(Rdn::getValue)
                    .map(value -> value.toString().toLowerCase(Locale.ROOT))
                    .limit(1)
                    .toList();
        } catch (InvalidNameException e) {
            return List.of(); // as above
        }
    }

    @Override
    public String toString() {
        return String.join(", ", namesAndAddresses()) + ", expires " + expires();
    }
}
