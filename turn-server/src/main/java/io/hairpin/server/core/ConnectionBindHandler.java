package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CONNECTION_ID;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;

import java.util.List;
import java.util.Optional;

/// ConnectionBind requests (RFC 6062 §5.4). They come on a connection of their own, often on
/// another shard than that of the allocation.
final class ConnectionBindHandler {

    private final PeerConnections connections;
    private final Responses responses;

    ConnectionBindHandler(PeerConnections connections, Responses responses) {
        this.connections = connections;
        this.responses = responses;
    }

    /// @param busy whether the client's connection has an allocation, or soon will
    List<Effect> handle(Request request, boolean busy) {
        // What is joined is a stream.
        if (!request.from().transport().isStream()) {
            return reject(request, "over " + request.from().transport());
        }
        // The control connection of an allocation cannot carry data as well.
        if (busy) {
            return reject(request, "the connection has an allocation");
        }
        // The id is that of a connection which waits for this user.
        Optional<Long> named = request.message().find(CONNECTION_ID);
        if (named.isEmpty()) {
            return reject(request, "no CONNECTION-ID");
        }
        ConnectionId id = new ConnectionId(named.get());
        if (!connections.bind(id, request.owner())) {
            return reject(request, "no connection of that id waits for this user");
        }
        // After the answer there is nothing but data.
        return List.of(
                responses.send(request, Responses.success(request.message())),
                new Effect.Tcp.Join(request.from(), id));
    }

    private List<Effect> reject(Request request, String detail) {
        return List.of(responses.reject(request, BAD_REQUEST, detail));
    }
}
