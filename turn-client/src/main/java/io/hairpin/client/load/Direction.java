package io.hairpin.client.load;

/// Which way packets go.
public enum Direction {
    /// From the client to its peer, which echoes them: latencies are round trips.
    BOTH,
    /// From the client to its peer.
    UP,
    /// From the peer to the relay and so to the client.
    DOWN
}
