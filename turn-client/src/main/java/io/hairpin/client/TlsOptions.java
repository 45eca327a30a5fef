package io.hairpin.client;

import java.net.InetSocketAddress;
import java.util.Optional;

/// How a client over TLS or DTLS tells whether it talks to the server it means.
///
/// @param trust which servers it believes
/// @param serverName what it calls the server in the handshake (SNI) and looks for in its
///     certificate; otherwise the host name, or else the address, that the server is known by
public record TlsOptions(Trust trust, Optional<String> serverName) {

    /// The protocol that is offered by ALPN: TURN (RFC 7443).
    public static final String ALPN = "stun.turn";

    public static TlsOptions of(Trust trust) {
        return new TlsOptions(trust, Optional.empty());
    }

    public TlsOptions withServerName(String name) {
        return new TlsOptions(trust, Optional.of(name));
    }

    /// What the server's certificate has to be for.
    public String nameOf(InetSocketAddress server) {
        return serverName.orElseGet(server::getHostString);
    }

    /// What is sent as SNI, which has host names alone (RFC 6066 §3).
    public Optional<String> indicatedName(InetSocketAddress server) {
        return Optional.of(nameOf(server)).filter(name -> !CertificateNames.isAddress(name));
    }
}
