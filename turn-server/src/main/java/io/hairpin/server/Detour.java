package io.hairpin.server;

import io.hairpin.net.Datagram;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.relay.ClientLink;
import io.hairpin.server.relay.ClientPath;
import io.hairpin.server.relay.Traffic;
import io.hairpin.server.transport.ClientInput;
import io.hairpin.server.transport.ConnectedClient;
import io.hairpin.stun.SendIndication;
import io.hairpin.stun.StunMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import org.jspecify.annotations.Nullable;

/// The way of one client that is on one shard, the gate, and has its allocation on another, its
/// home (ADR 0012). At home this is the client; at the gate it is the path of its data.
///
/// What passes is copied and handed to the other event loop as a task. How much may be under way is
/// bounded in each direction; what is too much is dropped and counted.
final class Detour implements ConnectedClient, ClientPath {

    /// What may be under way in one direction: as much as a burst of the fastest clients.
    static final int MAX_BYTES_UNDER_WAY = 256 * 1024;

    private final FiveTuple client;
    private final Crossing gate;
    private final ClientLink link;
    private final Crossing home;

    private final Backlog bytesHome = new Backlog(MAX_BYTES_UNDER_WAY);
    private final Backlog bytesToGate = new Backlog(MAX_BYTES_UNDER_WAY);

    // Of the home's event loop alone.
    private final Datagram fromGate = new Datagram();
    private @Nullable ClientInput input;
    private @Nullable Traffic traffic;
    private @Nullable ClientPath path;

    // Of the gate's event loop alone.
    private final Datagram fromHome = new Datagram();

    /// @param link the client, at the gate
    Detour(FiveTuple client, Crossing gate, ClientLink link, Crossing home) {
        this.client = client;
        this.gate = gate;
        this.link = link;
        this.home = home;
    }

    FiveTuple client() {
        return client;
    }

    ClientLink link() {
        return link;
    }

    /// Tells what takes in the client's data at home, and counts it there.
    void begin(ClientInput input, Traffic traffic) {
        this.input = input;
        this.traffic = traffic;
    }

    /// Passes a message on; called at the gate.
    void forward(StunMessage message) {
        if (hasRoom(bytesHome, message.length(), link.traffic())) {
            home.run(
                    () -> {
                        bytesHome.give(message.length());
                        home.received(this, message);
                    });
        }
    }

    /// Lets the gate have back a message that the home is not for any more.
    void giveBack(StunMessage message) {
        gate.run(() -> gate.takeBack(client, message));
    }

    /// The client's connection at the gate is gone.
    void end() {
        home.run(() -> home.ended(this));
    }

    @Override
    public void channelData(Datagram frame) {
        forward(frame);
    }

    @Override
    public void send(Datagram frame, SendIndication send) {
        forward(frame);
    }

    private void forward(Datagram frame) {
        int length = frame.totalLength();
        if (!hasRoom(bytesHome, length, link.traffic())) {
            return;
        }
        ByteBuf copy = copy(frame);
        int headerFields = frame.headerFields();
        home.run(
                () -> {
                    bytesHome.give(length);
                    try {
                        arrived(copy, headerFields);
                    } finally {
                        copy.release();
                    }
                });
    }

    private void arrived(ByteBuf copy, int headerFields) {
        if (input != null) {
            fromGate.wrap(copy);
            fromGate.headerFields(headerFields);
            input.received(fromGate, client, path);
        }
    }

    @Override
    public void attach(@Nullable ClientPath path) {
        boolean before = this.path != null;
        this.path = path;
        if (!before && path != null) {
            home.remember(this);
            gate.run(() -> gate.admit(this));
        } else if (before && path == null) {
            home.forget(this);
            gate.run(() -> gate.release(this));
        }
    }

    @Override
    public String serverName() {
        return link instanceof ConnectedClient connection ? connection.serverName() : "";
    }

    @Override
    public void disconnect() {
        if (link instanceof ConnectedClient connection) {
            gate.run(connection::disconnect);
        }
    }

    @Override
    public int maxMessageBytes() {
        return link.maxMessageBytes();
    }

    @Override
    public boolean send(Datagram data) {
        int length = data.totalLength();
        if (!hasRoom(bytesToGate, length, traffic())) {
            return false;
        }
        ByteBuf copy = copy(data);
        int headerFields = data.headerFields();
        gate.run(
                () -> {
                    bytesToGate.give(length);
                    try {
                        fromHome.wrap(copy);
                        fromHome.headerFields(headerFields);
                        link.send(fromHome);
                    } finally {
                        copy.release();
                    }
                });
        return true;
    }

    @Override
    public boolean send(StunMessage message) {
        if (!hasRoom(bytesToGate, message.length(), traffic())) {
            return false;
        }
        gate.run(
                () -> {
                    bytesToGate.give(message.length());
                    link.send(message);
                });
        return true;
    }

    @Override
    public Traffic traffic() {
        if (traffic == null) {
            throw new IllegalStateException("not known at home: " + client);
        }
        return traffic;
    }

    private static ByteBuf copy(Datagram data) {
        ByteBuf copy = ByteBufAllocator.DEFAULT.directBuffer(data.totalLength());
        data.writeTo(copy);
        return copy;
    }

    private static boolean hasRoom(Backlog underWay, int length, Traffic traffic) {
        if (underWay.take(length)) {
            return true;
        }
        traffic.dropped(DropReason.SHARD_QUEUE_FULL);
        return false;
    }
}
