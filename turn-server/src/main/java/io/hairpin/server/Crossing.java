package io.hairpin.server;

import io.hairpin.net.Faults;
import io.hairpin.server.core.AllocationId;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.Effect;
import io.hairpin.server.core.Event;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.ClientPath;
import io.hairpin.server.relay.Relays;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntFunction;

/// What one shard has to do with clients that move (RFC 8016), from another shard to this one or
/// the other way (ADR 0012). Their allocation stays where it was made; what they send, and what is
/// for them, takes a [Detour].
///
/// All but [#run] is called on the shard's event loop. A shard whose clients stay has nothing here.
final class Crossing {

    /// How many requests of clients that have moved may be under way from one shard to others.
    private static final int MAX_HANDED_OVER = 256;

    private final Shard here;
    private final ShardClients clients;
    private final Relays relays;
    private final IntFunction<Crossing> shards;
    private final Faults faults;
    private final Backlog handedOver = new Backlog(MAX_HANDED_OVER);

    /// The clients that are here and have their allocation elsewhere.
    private final Map<FiveTuple, Detour> abroad = new HashMap<>();

    /// The clients that are elsewhere and have their allocation here.
    private final Map<FiveTuple, Detour> guests = new HashMap<>();

    /// The one whose message is being handled, which need not have an allocation, or no more.
    private @Nullable Detour asking;

    /// @param here the shard that this is of
    /// @param clients those of that shard
    /// @param shards those of all shards, by number
    Crossing(
            Shard here,
            ShardClients clients,
            Relays relays,
            IntFunction<Crossing> shards,
            Faults faults) {
        this.here = here;
        this.clients = clients;
        this.relays = relays;
        this.shards = shards;
        this.faults = faults;
    }

    /// Has the event loop of this shard do something; may be called from any thread.
    void run(Runnable task) {
        try {
            here.loop().execute(() -> reportingBugs(task));
        } catch (RejectedExecutionException e) {
            faults.report("crossing to a shard that has stopped", e);
        }
    }

    private void reportingBugs(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException bug) {
            faults.report("crossing from one shard to another", bug);
        }
    }

    // For the core of this shard.

    void execute(Effect.OfMobility effect) {
        switch (effect) {
            case Effect.PathAdded(var id, var path) ->
                    attach(
                            path,
                            relays.arriving(id, () -> here.handle(new Event.DataReceived(path))));
            case Effect.PathRemoved(var id, var path) -> {
                if (here.isClient(id, path)) {
                    relays.away(id);
                }
                attach(path, null);
            }
            case Effect.ClientMoved(var id, var from, var to) -> moved(id, from, to);
            case Effect.HandOver(var from, var message, int shard) ->
                    handOver(from, message, shard);
        }
    }

    private void moved(AllocationId id, FiveTuple from, FiveTuple to) {
        clients.traffic(from).counters().clientLeft();
        clients.traffic(to).counters().clientArrived();
        attach(from, null);
        ClientLink link = link(to);
        if (link == null) {
            relays.away(id); // its connection has just gone, and the core will hear of it
        } else {
            attach(to, relays.moved(id, link));
        }
    }

    /// The way to a client whose allocation is here, or null if there is none any more.
    @Nullable ClientLink link(FiveTuple client) {
        Detour guest = guest(client);
        return guest == null ? clients.link(client) : guest;
    }

    /// Lets what that client sends take a path of this shard's from now on, or none.
    void attach(FiveTuple client, @Nullable ClientPath path) {
        Detour guest = guest(client);
        if (guest == null) {
            clients.attach(client, path);
        } else {
            guest.attach(path);
        }
    }

    private @Nullable Detour guest(FiveTuple client) {
        Detour guest = guests.get(client);
        return guest == null && asking != null && asking.client().equals(client) ? asking : guest;
    }

    // At the gate: the shard that the client is on.

    /// Lets another shard answer a request, since it has the allocation that the request is about.
    private void handOver(FiveTuple client, StunMessage message, int shard) {
        ClientLink link = clients.link(client);
        if (link == null) {
            return; // the connection is gone, and with it who asked
        }
        if (!handedOver.take(1)) {
            link.traffic().dropped(DropReason.SHARD_QUEUE_FULL);
            return;
        }
        Crossing home = shards.apply(shard);
        Detour detour = new Detour(client, this, link, home);
        home.run(
                () -> {
                    handedOver.give(1);
                    home.welcome(detour, message);
                });
    }

    /// Passes a message on if its sender has its allocation elsewhere; says whether it has.
    boolean passOn(FiveTuple from, StunMessage message) {
        Detour detour = abroad.get(from);
        if (detour == null) {
            return false;
        }
        detour.forward(message);
        return true;
    }

    /// Notes that a client of this shard's is gone; says whether it had its allocation elsewhere.
    boolean closed(FiveTuple client) {
        Detour detour = abroad.remove(client);
        if (detour == null) {
            return false;
        }
        detour.end();
        return true;
    }

    /// Sends what a client says to its home from now on, unless something has changed here since
    /// its request was handed over.
    void admit(Detour detour) {
        FiveTuple client = detour.client();
        ClientLink link = clients.link(client);
        boolean there =
                client.transport().isConnected()
                        ? detour.link().equals(link)
                        : link != null; // of a UDP client there is a new one each time
        if (!there || here.isTaken(client) || abroad.containsKey(client)) {
            detour.end();
        } else {
            abroad.put(client, detour);
            clients.attach(client, detour);
        }
    }

    /// The home has no more to do with the client.
    void release(Detour detour) {
        if (abroad.remove(detour.client(), detour)) {
            clients.attach(detour.client(), null);
        }
    }

    /// Takes in a message that another shard was not for after all.
    void takeBack(FiveTuple from, StunMessage message) {
        here.heard(from, message);
    }

    // At home: the shard that has the allocation.

    private void welcome(Detour detour, StunMessage message) {
        FiveTuple client = detour.client();
        Detour known = guests.get(client);
        if (known != null && isNextConnection(known, detour)) {
            ended(known); // of a connection that is gone, and this is the next one
            known = null;
        }
        if (known == null) {
            detour.begin(clients.input(client), clients.traffic(client));
        }
        handle(known == null ? detour : known, message);
    }

    private static boolean isNextConnection(Detour known, Detour next) {
        return next.client().transport().isConnected() && !known.link().equals(next.link());
    }

    void received(Detour detour, StunMessage message) {
        if (guests.get(detour.client()) == detour) {
            handle(detour, message);
        } else {
            detour.giveBack(message);
        }
    }

    private void handle(Detour detour, StunMessage message) {
        asking = detour;
        try {
            here.handle(new Event.MessageReceived(detour.client(), message, detour.serverName()));
        } finally {
            asking = null;
        }
    }

    void ended(Detour detour) {
        if (guests.remove(detour.client(), detour)) {
            here.handle(new Event.ClientClosed(detour.client()));
        }
    }

    /// A client that is elsewhere has an allocation here from now on.
    void remember(Detour detour) {
        guests.put(detour.client(), detour);
    }

    void forget(Detour detour) {
        guests.remove(detour.client(), detour);
    }
}
