package io.hairpin.server.core;

import java.util.List;

/// What bounds the connections of one TCP relay together. Thread-safe: the two ends of a connection
/// may be on different event loops.
public final class StreamBandwidth {

    /// No limit.
    public static final StreamBandwidth NONE = new StreamBandwidth(List.of(), List.of());

    private final List<BandwidthPool> toPeers;
    private final List<BandwidthPool> toClient;

    StreamBandwidth(List<BandwidthPool> toPeers, List<BandwidthPool> toClient) {
        this.toPeers = List.copyOf(toPeers);
        this.toClient = List.copyOf(toClient);
    }

    public boolean isLimited() {
        return !toPeers.isEmpty() || !toClient.isEmpty();
    }

    /// For what one connection brings from the client.
    public StreamMeter toPeer() {
        return new StreamMeter(toPeers);
    }

    /// For what one connection brings from the peer.
    public StreamMeter toClient() {
        return new StreamMeter(toClient);
    }
}
