package io.hairpin.server.core;

import java.util.Arrays;
import java.util.function.Consumer;

/// A TCP connection: what goes in at one end comes out at the other, frame by frame and in order,
/// until it breaks.
final class VirtualConnection {

    private final Simulation simulation;
    private final VirtualNetwork network;
    private final FiveTuple tuple;
    private final Consumer<byte[]> client;
    private final VirtualShell server;
    private long serverFreeNanos;
    private long clientFreeNanos;
    private boolean open = true;

    VirtualConnection(
            Simulation simulation,
            VirtualNetwork network,
            FiveTuple tuple,
            Consumer<byte[]> client,
            VirtualShell server) {
        this.simulation = simulation;
        this.network = network;
        this.tuple = tuple;
        this.client = client;
        this.server = server;
        inOrderToServer(() -> server.connected(tuple, this));
    }

    FiveTuple tuple() {
        return tuple;
    }

    boolean isOpen() {
        return open;
    }

    void toServer(byte[] frame) {
        if (open) {
            inOrderToServer(
                    () -> {
                        simulation.note(
                                Arrays.hashCode(frame),
                                () -> "frame " + tuple + " " + VirtualNetwork.words(frame));
                        server.received(tuple, frame);
                    });
        }
    }

    void toClient(byte[] frame) {
        clientFreeNanos = Math.max(clientFreeNanos, simulation.now() + network.delay());
        simulation.after(
                clientFreeNanos - simulation.now(),
                () -> {
                    if (open) {
                        client.accept(frame);
                    }
                });
    }

    /// The client hangs up; the server learns of it after all that was sent before.
    void close(Runnable onceTheServerKnows) {
        open = false;
        inOrderToServer(
                () -> {
                    server.closed(tuple);
                    onceTheServerKnows.run();
                });
    }

    private void inOrderToServer(Runnable arrival) {
        serverFreeNanos = Math.max(serverFreeNanos, simulation.now() + network.delay());
        simulation.after(serverFreeNanos - simulation.now(), arrival);
    }
}
