package io.hairpin.client.load;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;

import java.nio.ByteBuffer;

/// A client's way to the server. Used on its event loop only.
interface Link {

    /// What happens on a link.
    interface Handler {

        void opened(Link link);

        /// Nothing is left open.
        void notOpened(String why);

        /// A datagram or a frame arrived: `length` bytes from `start` on, lent until this returns.
        void received(ByteBuffer bytes, int start, int length);

        /// The server ended the connection, or sent what is no frame.
        void lost(String why);
    }

    /// A link whose datagrams come from one address.
    interface Datagrams extends Link {

        DatagramEndpoint endpoint();

        /// The address that they are sent from, in the numbers of [Datagram#local], or zeros for
        /// the one that the socket is bound to.
        long localHigh();

        long localLow();
    }

    /// Opens links of one kind.
    interface Opener {
        void open(Handler handler);
    }

    /// Whether nothing is lost on the way, so nothing has to be repeated.
    boolean reliable();

    /// Sends the bytes between position and limit, which are the caller's again at once; drops them
    /// if the server does not read what was sent before.
    void send(ByteBuffer bytes);

    /// Like [#send], but never drops: there is at most one request of a client at a time.
    void request(ByteBuffer bytes);

    void close();
}
