package io.hairpin.net;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/// Opens UDP sockets on one event loop. Used on that loop only.
///
/// IPv6 sockets serve IPv6 alone, so `0.0.0.0` and `::` can have the same port, except where
/// [SocketKind#separatesFamilies] says otherwise.
public interface DatagramNetwork {

    /// Who else may have the port that a socket is bound to.
    enum PortUse {
        /// Nobody.
        ALONE,
        /// Nobody at the time of binding, and later the other event loops of this server, among
        /// which the kernel then divides the clients.
        FIRST_OF_MANY,
        /// Those that [#FIRST_OF_MANY] came before.
        ONE_OF_MANY
    }

    /// What socket to open.
    ///
    /// @param signals what it is to tell of the path that datagrams take, as far as its kind can
    record Spec(
            InetSocketAddress address, PortUse use, SocketBuffers buffers, PathSignals signals) {

        /// One that tells nothing of the path.
        public Spec(InetSocketAddress address, PortUse use, SocketBuffers buffers) {
            this(address, use, buffers, PathSignals.NONE);
        }
    }

    /// Opens a socket; the stage completes on the event loop, always with a value.
    CompletionStage<Opened> open(Spec spec, DatagramHandler handler);

    /// Closes every socket that is open; the stage completes when all their ports are free again.
    CompletionStage<Void> close();
}
