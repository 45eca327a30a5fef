package io.hairpin.dtls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A certificate chain, the server's own certificate first, with its key.
///
/// @param mayBeRaw whether a client that would rather have it so is shown the public key alone
///     (RFC 7250)
public record DtlsIdentity(List<X509Certificate> chain, PrivateKey key, boolean mayBeRaw) {

    public DtlsIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a chain without certificates");
        }
    }

    /// One that is shown with its certificates to everybody.
    public DtlsIdentity(List<X509Certificate> chain, PrivateKey key) {
        this(chain, key, false);
    }

    /// Leaves the key out.
    @Override
    public String toString() {
        return "DtlsIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
