package io.hairpin.server;

import io.hairpin.server.core.DropReason;
import io.hairpin.server.relay.Traffic;

import java.util.concurrent.atomic.LongAdder;

final class CountedTraffic implements Traffic {
    private final LongAdder dropped = new LongAdder();

    @Override
    public void relayedToPeer(int bytes) {}

    @Override
    public void relayedToClient(int bytes) {}

    @Override
    public void dropped(DropReason reason) {
        dropped.increment();
    }
}
