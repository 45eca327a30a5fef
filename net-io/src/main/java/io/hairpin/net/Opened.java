package io.hairpin.net;

/// What came of opening a socket.
public sealed interface Opened {

    record Bound(DatagramEndpoint endpoint) implements Opened {}

    /// Nothing is left open.
    record Failed(BindFailure failure) implements Opened {}
}
