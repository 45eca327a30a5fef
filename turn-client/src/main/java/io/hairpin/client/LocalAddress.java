package io.hairpin.client;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// Chooses what a socket is bound to.
final class LocalAddress {
    private LocalAddress() {}

    /// The wanted address; where that is a wildcard, the one of the server's family.
    static InetSocketAddress towards(InetSocketAddress server, InetSocketAddress wanted)
            throws UnknownHostException {
        if (server.isUnresolved()) {
            throw new UnknownHostException(server.getHostString());
        }
        if (!wanted.getAddress().isAnyLocalAddress()) {
            return wanted;
        }
        int addressBytes = server.getAddress() instanceof Inet4Address ? 4 : 16;
        InetAddress wildcard = InetAddress.getByAddress(new byte[addressBytes]);
        return new InetSocketAddress(wildcard, wanted.getPort());
    }
}
