package io.hairpin.bench.compare;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Finds ports that nobody uses, for servers that must be told theirs.
final class Ports {
    private static final int ATTEMPTS = 20;

    private Ports() {}

    /// A port of loopback that is free now for UDP and TCP both.
    static int free() throws IOException {
        InetAddress loopback = InetAddress.ofLiteral(Bench.ADDRESS);
        BindException taken = new BindException("no port is free for both UDP and TCP");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, 0));
                    ServerSocket tcp = new ServerSocket()) {
                tcp.bind(new InetSocketAddress(loopback, udp.getLocalPort()));
                return tcp.getLocalPort();
            } catch (BindException e) { // by somebody else's TCP
                taken.addSuppressed(e);
            }
        }
        throw taken;
    }
}
