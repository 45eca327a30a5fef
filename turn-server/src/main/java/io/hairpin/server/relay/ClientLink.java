package io.hairpin.server.relay;

import io.hairpin.net.Datagram;
import io.hairpin.stun.StunMessage;

/// The way back to one client, whichever transport it came by. Used on the shard's event loop only.
public interface ClientLink {

    /// The longest message that can be sent.
    int maxMessageBytes();

    /// Sends ChannelData or a Data indication; over UDP, that takes a hop off it
    /// ([Datagram#countDown]).
    ///
    /// @return false if it was dropped, which has been counted, since the client does not read fast
    ///     enough, or no hop was left
    boolean send(Datagram data);

    /// Sends a STUN message, with the same result.
    boolean send(StunMessage message);

    /// Where what passes between this client and its peers is counted.
    Traffic traffic();
}
