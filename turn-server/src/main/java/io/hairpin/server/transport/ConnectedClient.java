package io.hairpin.server.transport;

import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.ClientPath;

import org.jspecify.annotations.Nullable;

/// A client that has something with this server which begins and ends: a connection or a session.
public interface ConnectedClient extends ClientLink {

    /// Lets data from the client take its path, or none.
    void attach(@Nullable ClientPath path);

    /// Ends it, whatever has not been sent yet.
    void disconnect();
}
