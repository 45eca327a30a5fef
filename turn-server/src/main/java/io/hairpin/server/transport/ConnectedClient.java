package io.hairpin.server.transport;

import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.ClientPath;

import org.jspecify.annotations.Nullable;

/// A client that has something with this server which begins and ends: a connection or a session.
public interface ConnectedClient extends ClientLink {

    /// Lets data from the client take its path, or none.
    void attach(@Nullable ClientPath path);

    /// The server that it asked for when it began TLS or DTLS, as it wrote that; empty if it named
    /// none. May be called from any thread.
    String serverName();

    /// Ends it, whatever has not been sent yet.
    void disconnect();
}
