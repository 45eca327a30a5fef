package io.hairpin.dtls;

import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import java.util.Vector;

/// What a client asks for in the extensions of its ClientHello, of TLS and DTLS alike.
public final class ClientExtensions {

    private ClientExtensions() {}

    /// The server that it asks for (RFC 6066 §3), or null if it asks for nobody.
    ///
    /// @param extensions as Bouncy Castle has them; null if there are none
    /// @throws IOException if the extension is malformed
    public static @Nullable String serverName(@Nullable Hashtable<?, ?> extensions)
            throws IOException {
        Vector<?> names =
                extensions == null
                        ? null
                        : TlsExtensionsUtils.getServerNameExtensionClient(extensions);
        if (names == null) {
            return null;
        }
        for (Object each : names) {
            ServerName name = (ServerName) each;
            if (name.getNameType() == NameType.host_name) {
                return new String(name.getNameData(), StandardCharsets.US_ASCII);
            }
        }
        return null;
    }

    /// Whether it would rather be shown a raw public key than a certificate (RFC 7250 §4.1): it
    /// lists what it understands in the order of its preference.
    ///
    /// @param extensions as above
    /// @throws IOException if the extension is malformed
    public static boolean preferRawPublicKey(@Nullable Hashtable<?, ?> extensions)
            throws IOException {
        short[] types =
                extensions == null
                        ? null
                        : TlsExtensionsUtils.getServerCertificateTypeExtensionClient(extensions);
        if (types == null) {
            return false;
        }
        for (short type : types) {
            if (type == CertificateType.RawPublicKey || type == CertificateType.X509) {
                return type == CertificateType.RawPublicKey;
            }
        }
        return false;
    }
}
