package io.hairpin.server;

import io.hairpin.server.config.HopLimitChoice;
import io.hairpin.server.config.SocketsConfig;

/// The usual sockets, but for what a test is about.
final class TestSockets {

    private TestSockets() {}

    static SocketsConfig with(boolean trafficClass, HopLimitChoice hopLimit) {
        SocketsConfig usual = SocketsConfig.defaults();
        return new SocketsConfig(
                usual.kind(),
                usual.offload(),
                trafficClass,
                hopLimit,
                usual.listenerReceiveBuffer(),
                usual.listenerSendBuffer(),
                usual.relayReceiveBuffer(),
                usual.relaySendBuffer());
    }
}
