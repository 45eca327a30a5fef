package io.hairpin.dtls;

import io.hairpin.net.Datagram;

/// What happens to one [DtlsSession]; called on its event loop.
public interface DtlsReceiver {

    /// A message arrived. It is lent, with room for a header in front, as datagrams of sockets are;
    /// its addresses are those of the datagram it was in.
    void received(Datagram plaintext);

    /// Nothing has arrived for so long that the session may be given up.
    void idle();

    /// The session is over, by whichever side or since the client began another; the last call.
    void closed();
}
