package io.hairpin.server.relay;

import io.hairpin.net.Datagram;
import io.hairpin.stun.SendIndication;

/// The path of a client that may send by a new 5-tuple, and has not yet (RFC 8016 §3.2.2). The
/// first data that comes is told, which has the client take `then` alone.
record ArrivingPath(ClientPath then, Runnable arrived) implements ClientPath {

    @Override
    public void channelData(Datagram frame) {
        arrived.run();
        then.channelData(frame);
    }

    @Override
    public void send(Datagram frame, SendIndication send) {
        arrived.run();
        then.send(frame, send);
    }
}
