package io.hairpin.server.relay;

import io.hairpin.net.Datagram;
import io.hairpin.server.core.DropReason;
import io.hairpin.stun.StunMessage;

/// Stands for a client whose connection has ended, and which may come back by another.
///
/// @param traffic where it was counted last
record AbsentClient(Traffic traffic) implements ClientLink {

    @Override
    public int maxMessageBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean send(Datagram data) {
        traffic.dropped(DropReason.CLIENT_AWAY);
        return false;
    }

    @Override
    public boolean send(StunMessage message) {
        traffic.dropped(DropReason.CLIENT_AWAY);
        return false;
    }
}
