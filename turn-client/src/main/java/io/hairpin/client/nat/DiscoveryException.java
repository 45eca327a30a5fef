package io.hairpin.client.nat;

/// The server gave an answer that nothing can be concluded from.
public final class DiscoveryException extends RuntimeException {

    DiscoveryException(String message) {
        super(message);
    }
}
