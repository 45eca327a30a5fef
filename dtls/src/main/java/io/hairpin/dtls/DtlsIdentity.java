package io.hairpin.dtls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A certificate chain, the server's own certificate first, with its key.
public record DtlsIdentity(List<X509Certificate> chain, PrivateKey key) {

    public DtlsIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a chain without certificates");
        }
    }

    /// Leaves the key out.
    @Override
    public String toString() {
        return "DtlsIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
