package io.hairpin.dtls;

import org.bouncycastle.tls.DTLSTransport;
import org.jspecify.annotations.Nullable;

/// What a handshake led to.
///
/// @param transport uses the handshake's wire
/// @param serverName what the client asked for (RFC 6066 §3), or null if it asked for nothing
record Established(DTLSTransport transport, @Nullable String serverName) {}
