package io.hairpin.bench.compare;

import java.io.IOException;
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
        InetAddress loopback = InetAddress.getByName(Bench.ADDRESS);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, 0));
                    ServerSocket tcp = new ServerSocket()) {
                tcp.bind(new InetSocketAddress(loopback, udp.getLocalPort()));
                return tcp.getLocalPort();
            } catch (java.net.BindException taken) {
                continue; // that port is taken for TCP
            }
        }
        throw new IOException("no port is free for both UDP and TCP");
    }
}
