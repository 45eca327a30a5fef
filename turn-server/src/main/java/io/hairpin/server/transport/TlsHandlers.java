package io.hairpin.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/// Makes what does TLS on a connection. Called on the event loops of all shards.
@FunctionalInterface
public interface TlsHandlers {

    /// An [io.netty.handler.ssl.SslHandler], or a handler that puts one into its own place once it
    /// knows which.
    ChannelHandler create(Channel channel);
}
