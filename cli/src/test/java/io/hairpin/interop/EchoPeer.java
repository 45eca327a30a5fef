package io.hairpin.interop;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// coturn's `turnutils_peer`: sends back every datagram that reaches its port or the next one.
final class EchoPeer implements AutoCloseable {

    private static final int TRIES = 100;
    private static final int WAIT_MILLIS = 100;

    private final Program program;
    private final int port;

    private EchoPeer(Program program, int port) {
        this.program = program;
        this.port = port;
    }

    /// Starts a peer on both loopback addresses, and returns once it echoes.
    static EchoPeer start() {
        int port = Ports.free();
        Program program =
                Program.start(
                        List.of(
                                Tool.PEER.path(),
                                "-p",
                                Integer.toString(port),
                                "-L",
                                "127.0.0.1",
                                "-L",
                                "::1"));
        EchoPeer peer = new EchoPeer(program, port);
        try {
            for (String address : List.of("127.0.0.1", "::1")) {
                peer.awaitEcho(InetAddress.ofLiteral(address), port);
                peer.awaitEcho(InetAddress.ofLiteral(address), port + 1);
            }
            return peer;
        } catch (IOException e) {
            peer.close();
            throw new IllegalStateException("cannot reach the peer", e);
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        program.close();
    }

    private void awaitEcho(InetAddress address, int at) throws IOException {
        byte[] ping = "ping".getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket socket = new DatagramSocket(0, address)) {
            socket.setSoTimeout(WAIT_MILLIS);
            for (int i = 0; i < TRIES && program.isRunning(); i++) {
                socket.send(new DatagramPacket(ping, ping.length, address, at));
                if (Arrays.equals(receive(socket, ping.length), ping)) {
                    return;
                }
            }
        }
        throw program.failure("did not echo on " + address + " port " + at);
    }

    private static byte[] receive(DatagramSocket socket, int length) throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[length], length);
        try {
            socket.receive(datagram);
            return datagram.getData();
        } catch (SocketTimeoutException notYet) {
            return new byte[0];
        }
    }
}
