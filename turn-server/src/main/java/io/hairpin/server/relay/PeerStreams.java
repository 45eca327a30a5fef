package io.hairpin.server.relay;

import io.hairpin.server.core.ConnectionId;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/// The connections with peers of all shards, for whichever shard a client comes to. Thread-safe.
/// The cores bound their number.
public final class PeerStreams {

    private final Duration patience;
    private final ConcurrentMap<ConnectionId, PeerStream> streams = new ConcurrentHashMap<>();

    /// @param patience how long nothing may move once one side has ended
    public PeerStreams(Duration patience) {
        this.patience = patience;
    }

    void add(PeerStream stream) {
        streams.put(stream.id(), stream);
    }

    void remove(PeerStream stream) {
        streams.remove(stream.id(), stream);
    }

    /// Joins a client's connection with a peer's, from which nothing has been read yet.
    ///
    /// @param client called on its event loop, and does not read by itself any more; what was to be
    ///     sent on it before has been written
    /// @return the handler to end its pipeline with, or null if the peer has gone meanwhile
    public @Nullable ChannelHandler join(
            ConnectionId id, Channel client, Traffic traffic, Consumer<Throwable> failed) {
        PeerStream stream = streams.get(id);
        if (stream == null) {
            return null;
        }
        Tunnel tunnel = new Tunnel(client, stream.channel(), patience);
        stream.join(tunnel);
        return tunnel.passage(client, traffic::relayedToPeer, failed);
    }

    /// Ends a connection with a peer, if it is there, and the client's that is joined with it.
    public void close(ConnectionId id) {
        PeerStream stream = streams.get(id);
        if (stream != null) {
            stream.channel().close();
        }
    }
}
