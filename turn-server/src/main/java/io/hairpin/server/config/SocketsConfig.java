package io.hairpin.server.config;

/// The UDP sockets: who handles them, and what the system keeps for each. A size of zero leaves it
/// to the system.
public record SocketsConfig(
        @Default("auto") SocketChoice kind,
        @Default("true") boolean offload,
        @Default("true") boolean trafficClass,
        @Default("system") HopLimitChoice hopLimit,
        @Default("4MiB") ByteSize listenerReceiveBuffer,
        @Default("4MiB") ByteSize listenerSendBuffer,
        @Default("0B") ByteSize relayReceiveBuffer,
        @Default("0B") ByteSize relaySendBuffer) {

    private static final ByteSize LEAST = new ByteSize(0);
    private static final ByteSize MOST = new ByteSize(256 << 20);

    public SocketsConfig {
        new Rules()
                .range("listener-receive-buffer", listenerReceiveBuffer, LEAST, MOST)
                .range("listener-send-buffer", listenerSendBuffer, LEAST, MOST)
                .range("relay-receive-buffer", relayReceiveBuffer, LEAST, MOST)
                .range("relay-send-buffer", relaySendBuffer, LEAST, MOST)
                .enforce();
    }

    /// What holds where nothing is set.
    public static SocketsConfig defaults() {
        return Binder.defaults(SocketsConfig.class);
    }
}
