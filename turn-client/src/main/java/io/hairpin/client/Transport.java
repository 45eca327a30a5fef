package io.hairpin.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Carries whole packets, STUN messages or ChannelData, to one server and back.
///
/// Any thread may send; what arrives is told on one thread of the transport's own.
interface Transport {
    /// Whether packets arrive or the connection ends, so that repeating them is pointless.
    boolean reliable();

    InetSocketAddress localAddress();

    /// Begins to read; called once.
    void start(Inbound inbound);

    /// Takes the bytes up to the limit, which are the caller's again afterwards.
    void send(ByteBuffer packet) throws IOException;

    void close() throws IOException;

    /// What a transport tells; nothing here may throw or wait.
    interface Inbound {
        /// A packet, from position to limit; its bytes are gone after the call.
        void packet(ByteBuffer bytes);

        /// The network says that nobody listens there, though the transport goes on.
        void unreachable(IOException cause);

        /// Nothing more will come.
        void ended(IOException cause);
    }
}
