package io.hairpin.server;

import io.hairpin.server.core.Allocation;
import io.hairpin.server.core.AllocationId;
import io.hairpin.server.core.Effect;
import io.hairpin.server.core.Event;
import io.hairpin.server.core.RelaySpec;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.DataPath;
import io.hairpin.server.relay.TcpRelays;
import io.hairpin.server.transport.ConnectedClient;
import io.hairpin.server.transport.TcpClient;
import io.hairpin.stun.AddressFamily;

import java.util.function.Consumer;

/// Does what the core of a shard wants done about TCP relays (RFC 6062).
///
/// @param clients those of the shard
/// @param events told what comes of it
record TcpEffects(TcpRelays relays, ShardClients clients, Consumer<Event> events) {

    void execute(Effect.Tcp effect) {
        switch (effect) {
            case Effect.Tcp.Connect(var allocation, var id, var peer) ->
                    relays.connect(allocation, id, peer, events);
            case Effect.Tcp.Admit(_, var arrival, var id) -> relays.peers().admit(arrival, id);
            case Effect.Tcp.TurnAway(_, var arrival, var reason) ->
                    relays.peers().turnAway(arrival, reason);
            case Effect.Tcp.Announce(var to, var message) -> {
                ConnectedClient client = clients.connection(to);
                if (client != null) {
                    client.send(message);
                }
            }
            case Effect.Tcp.Join join -> join(join);
            case Effect.Tcp.Close(var id, _) -> relays.peers().streams().close(id);
        }
    }

    private void join(Effect.Tcp.Join join) {
        if (clients.take(join.client()) instanceof TcpClient stream) {
            stream.join(relays.peers().streams(), join.id());
        } else { // it is gone, and nobody else can bind that connection
            relays.peers().streams().close(join.id());
        }
    }

    void open(AllocationId id, RelaySpec spec, ClientLink client) {
        relays.open(id, spec, client, events);
    }

    DataPath start(Allocation allocation) {
        return relays.start(allocation);
    }

    boolean close(AllocationId id, AddressFamily family) {
        return relays.close(id, family);
    }
}
