package io.hairpin.client.nat;

import java.io.IOException;
import java.net.InetSocketAddress;

/// Where sockets and the time come from.
interface DiscoveryNetwork {

    /// A socket on the address that leads to the server.
    ///
    /// @param port of that address; zero for any
    DiscoverySocket open(InetSocketAddress server, int port) throws IOException;

    long nanoTime();

    /// Lets so much time pass.
    void sleep(long nanos) throws InterruptedException;
}
