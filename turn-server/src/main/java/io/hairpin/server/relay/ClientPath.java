package io.hairpin.server.relay;

import io.hairpin.net.Datagram;
import io.hairpin.stun.SendIndication;

/// Where data from a client goes. Used on the shard's event loop only.
public interface ClientPath {

    /// Takes in ChannelData, which need not be whole.
    void channelData(Datagram frame);

    /// Takes in a Send indication.
    ///
    /// @param send what was found in the frame
    void send(Datagram frame, SendIndication send);
}
