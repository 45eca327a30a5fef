package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Another server that clients are sent to (RFC 8489 §10).
///
/// @param transport what a client has to speak to it, and speaks here
/// @param domain the name in its certificate
/// @param askedAt the address of this server that it is for; null for all
/// @param weight how many clients it gets, beside the others' weights
public record Alternate(
        Transport transport,
        InetSocketAddress address,
        @Nullable String domain,
        @Nullable InetAddress askedAt,
        int weight) {

    boolean isFor(FiveTuple client) {
        return transport == client.transport()
                && (askedAt == null || askedAt.equals(client.server().getAddress()));
    }
}
