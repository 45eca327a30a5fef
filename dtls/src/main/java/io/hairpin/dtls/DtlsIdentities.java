package io.hairpin.dtls;

import org.jspecify.annotations.Nullable;

/// Says which identity a server shows a client. Called from any thread, once for a handshake.
public interface DtlsIdentities {

    /// The identity for a client.
    ///
    /// @param serverName what the client asked for (RFC 6066 §3), or null if it asked for nothing
    DtlsIdentity identity(@Nullable String serverName);
}
