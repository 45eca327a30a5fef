package io.hairpin.server.relay;

import io.hairpin.server.core.ConnectionId;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The connections with peers of all shards, for whichever shard a client comes to. Thread-safe.
/// The cores bound their number.
public final class PeerStreams {

    private final Duration patience;
    private final LongSupplier clock;
    private final ConcurrentMap<ConnectionId, PeerStream> streams = new ConcurrentHashMap<>();

    /// @param patience how long nothing may move once one side has ended
    /// @param clock the time that all shards go by; asked on any thread
    public PeerStreams(Duration patience, LongSupplier clock) {
        this.patience = patience;
        this.clock = clock;
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
        if (stream.bandwidth().isLimited()) {
            readLittle(client);
            readLittle(stream.channel());
        }
        stream.join(tunnel, clock);
        Toll toll = Toll.of(traffic::relayedToPeer, stream.bandwidth().toPeer(), clock);
        return tunnel.passage(client, toll, failed);
    }

    /// Has each read be one of the system's rather than many, so that none takes much more than is
    /// to pass.
    private static void readLittle(Channel channel) {
        if (channel.config().getRecvByteBufAllocator()
                instanceof MaxMessagesRecvByteBufAllocator allocator) {
            allocator.maxMessagesPerRead(1);
        }
    }

    /// Ends a connection with a peer, if it is there, and the client's that is joined with it.
    public void close(ConnectionId id) {
        PeerStream stream = streams.get(id);
        if (stream != null) {
            stream.channel().close();
        }
    }
}
