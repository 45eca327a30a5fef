package io.hairpin.interop;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.random.RandomGenerator;

/// Finds ports nobody listens on, for programs that cannot be told to take any.
final class Ports {

    /// Below what systems hand out to clients, so that nothing takes a port between looking and
    /// using it.
    private static final int FIRST = 20_000;

    private static final int LAST = 29_998;
    private static final int TRIES = 1000;

    private static final RandomGenerator RANDOM = RandomGenerator.getDefault();
    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    private Ports() {}

    /// A port that is free, as is the one after it, for UDP and TCP on both loopback addresses.
    static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = RANDOM.nextInt(FIRST, LAST);
            if (isFree(port) && isFree(port + 1)) {
                return port;
            }
        }
        throw new IllegalStateException("no two free ports between " + FIRST + " and " + LAST);
    }

    private static boolean isFree(int port) {
        return LOOPBACK.stream().allMatch(address -> isFree(address, port));
    }

    private static boolean isFree(InetAddress address, int port) {
        try (DatagramSocket udp = new DatagramSocket(port, address);
                ServerSocket tcp = new ServerSocket(port, 1, address)) {
            return udp.isBound() && tcp.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }
}
