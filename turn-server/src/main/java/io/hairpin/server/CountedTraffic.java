package io.hairpin.server;

import io.hairpin.server.admin.Direction;
import io.hairpin.server.admin.ListenerCounters;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.Effect;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.relay.Traffic;

/// Turns what happens to the clients of one listener on one shard into metrics.
record CountedTraffic(ListenerCounters counters) implements Traffic {

    @Override
    public void relayedToPeer(int bytes) {
        counters.relayed(Direction.TO_PEER, bytes);
    }

    @Override
    public void relayedToClient(int bytes) {
        counters.relayed(Direction.TO_CLIENT, bytes);
    }

    @Override
    public void dropped(DropReason reason, long packets) {
        counters.dropped(reason, packets);
    }

    @Override
    public void refused(RefusalReason reason) {
        counters.refused(reason);
    }

    void executed(Effect effect) {
        switch (effect) {
            case Effect.Send(_, var message) -> counters.answered(message.method());
            case Effect.Indicate _ -> counters.icmpTold();
            case Effect.SendElsewhere(_, _, var message) -> counters.answered(message.method());
            case Effect.Reject(_, var message, var code, _) ->
                    counters.rejected(message.method(), code);
            case Effect.AllocationOpened _ -> counters.allocationOpened();
            case Effect.AllocationClosed(_, _, var reason) -> counters.allocationClosed(reason);
            case Effect.Drop(_, var reason) -> counters.dropped(reason, 1);
            case Effect.LookUpCredentials _,
                    Effect.OpenRelay _,
                    Effect.CloseRelay _,
                    Effect.ReleasePort _,
                    Effect.Tcp _,
                    Effect.OfMobility _ -> {}
        }
    }
}
