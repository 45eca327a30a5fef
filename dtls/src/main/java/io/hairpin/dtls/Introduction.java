package io.hairpin.dtls;

import java.net.InetSocketAddress;

/// What a proxy says of a datagram: whom it is from. Asked only while the datagram is received.
public interface Introduction {

    InetSocketAddress client();
}
