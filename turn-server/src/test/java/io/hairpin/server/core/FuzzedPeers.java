package io.hairpin.server.core;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;

/// The connections of a [FuzzedServer] with peers, which open and close as its script says.
final class FuzzedPeers {

    private final Queue<ConnectionId> connecting = new ArrayDeque<>();
    private final Queue<ConnectionId> open = new ArrayDeque<>();
    private final Map<FiveTuple, ConnectionId> joined = new HashMap<>();
    private long arrivals;

    void execute(Effect.Tcp effect) {
        switch (effect) {
            case Effect.Tcp.Connect(_, var id, _) -> connecting.add(id);
            case Effect.Tcp.Admit(_, _, var id) -> open.add(id);
            case Effect.Tcp.Join(var client, var id) -> joined.put(client, id);
            case Effect.Tcp.Close(var id, _) -> forget(id);
            case Effect.Tcp.TurnAway _, Effect.Tcp.Announce _ -> {}
        }
    }

    /// Whether what comes by that 5-tuple is for a peer.
    boolean carries(FiveTuple client) {
        return joined.containsKey(client);
    }

    /// The oldest connection on its way opens, or fails.
    Optional<Event> answers(boolean opens) {
        ConnectionId id = connecting.poll();
        if (id == null) {
            return Optional.empty();
        }
        if (!opens) {
            return Optional.of(new Event.Tcp.Failed(id, "refused"));
        }
        open.add(id);
        return Optional.of(new Event.Tcp.Connected(id));
    }

    /// All that are on their way open.
    List<Event> all() {
        return Stream.generate(() -> answers(true))
                .takeWhile(Optional::isPresent)
                .flatMap(Optional::stream)
                .toList();
    }

    /// A peer connects to a relay, which may be gone.
    Event arrives(AllocationId allocation, InetSocketAddress peer) {
        return new Event.Tcp.Arrived(allocation, ++arrivals, peer);
    }

    /// The oldest connection ends.
    Optional<Event> closes() {
        return Optional.ofNullable(open.peek()).map(this::closed);
    }

    /// The client that is joined with a peer hangs up.
    Optional<Event> closes(FiveTuple client) {
        return Optional.ofNullable(joined.get(client)).map(this::closed);
    }

    private Event closed(ConnectionId id) {
        forget(id);
        return new Event.Tcp.Closed(id);
    }

    private void forget(ConnectionId id) {
        connecting.remove(id);
        open.remove(id);
        joined.values().remove(id);
    }
}
