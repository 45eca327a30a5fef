package io.hairpin.dtls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/// Says whether a client believes the certificate that a server shows. Called from any thread.
public interface DtlsTrust {

    /// Returns if it does.
    ///
    /// @param chain the server's own certificate first
    /// @throws CertificateException if it is not to be believed
    void check(List<X509Certificate> chain) throws CertificateException;
}
