package io.hairpin.server.relay;

import io.hairpin.net.Datagram;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.stun.StunMessage;

/// A client that nothing is ever sent to.
final class SilentClient implements ClientLink, Traffic {

    @Override
    public int maxMessageBytes() {
        return 0;
    }

    @Override
    public boolean send(Datagram data) {
        throw new AssertionError("nothing should be sent");
    }

    @Override
    public boolean send(StunMessage message) {
        throw new AssertionError("nothing should be sent");
    }

    @Override
    public Traffic traffic() {
        return this;
    }

    @Override
    public void relayedToPeer(int bytes) {
        throw new AssertionError("nothing should be relayed");
    }

    @Override
    public void relayedToClient(int bytes) {
        throw new AssertionError("nothing should be relayed");
    }

    @Override
    public void dropped(DropReason reason, long packets) {}

    @Override
    public void refused(RefusalReason reason) {}
}
