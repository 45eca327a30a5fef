package io.hairpin.server;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// A UDP port of a peer, and the TCP port of the same number.
///
/// A server under test has ports of the system's choosing, and does not relay to the number of any
/// of them, whichever transport it is for: a peer that has the number of its TCP listener or of its
/// admin endpoint by chance would be refused.
record PeerPort(DatagramSocket udp, ServerSocket tcp) implements AutoCloseable {

    private static final int MAX_ATTEMPTS = 20;

    static PeerPort open(InetAddress host) throws IOException {
        for (int attempt = 1; true; attempt++) {
            DatagramSocket udp = new DatagramSocket(new InetSocketAddress(host, 0));
            try {
                return new PeerPort(udp, new ServerSocket(udp.getLocalPort(), 1, host));
            } catch (IOException taken) {
                udp.close();
                if (attempt == MAX_ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
