package io.hairpin.net;

import io.hairpin.stun.IcmpError;
import io.hairpin.stun.TransportAddress;
import io.netty.channel.ChannelException;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.LinuxSocket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A datagram socket that is a plain descriptor on Netty's event loop. There is one for each
/// allocation, so it holds little; buffers are the network's.
final class LinuxDatagramEndpoint
        implements DatagramEndpoint, PolledSocket.Owner, Outbox.Flushable {

    private final LinuxDatagramNetwork network;
    private final PolledSocket socket;
    private final InetAddress host;
    private final int port;
    private final boolean tellsIcmp;
    private final DatagramHandler handler;
    private final ReadPace pace = new ReadPace();
    private boolean closed;
    private boolean isNoted;
    private int firstWaiting = SendQueue.NONE;
    private int lastWaiting = SendQueue.NONE;
    private int drops;

    LinuxDatagramEndpoint(
            LinuxDatagramNetwork network,
            LinuxSocket socket,
            InetSocketAddress address,
            boolean tellsIcmp,
            DatagramHandler handler) {
        this.network = network;
        this.socket = new PolledSocket(socket, this);
        this.host = address.getAddress();
        this.port = address.getPort();
        this.tellsIcmp = tellsIcmp;
        this.handler = handler;
    }

    /// Begins to receive.
    CompletionStage<Void> register(IoEventLoop loop) {
        return socket.register(loop);
    }

    LinuxSocket socket() {
        return socket.socket();
    }

    int descriptor() {
        return socket().intValue();
    }

    boolean isOpen() {
        return !closed;
    }

    @Override
    public InetSocketAddress localAddress() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public SocketBuffers buffers() {
        try {
            return LinuxSockets.buffers(socket());
        } catch (IOException e) {
            throw new UncheckedIOException("the buffers of an open socket have a size", e);
        }
    }

    @Override
    public void failing() {
        if (tellsIcmp && !closed) {
            network.errors().read(this);
        }
    }

    @Override
    public void ready() {
        if (!closed) {
            network.receiver().read(this, pace);
        }
    }

    @Override
    public void loopEnded() {
        close();
    }

    void received(Datagram datagram) {
        if (closed) { // by what came before it
            return;
        }
        try {
            handler.received(this, datagram);
        } catch (Throwable e) { // whatever it is, the next datagram and the other sockets go on
            handler.failed(e);
        }
    }

    void icmp(InetSocketAddress destination, IcmpError error) {
        try {
            handler.icmp(destination, error);
        } catch (Throwable e) {
            handler.failed(e);
        }
    }

    /// The kernel counts since the socket was opened.
    void dropped(int total) {
        int more = total - drops;
        drops = total;
        overrun(Integer.toUnsignedLong(more));
    }

    void overrun(long datagrams) {
        if (datagrams == 0 || closed) {
            return;
        }
        try {
            handler.overrun(datagrams);
        } catch (Throwable e) {
            handler.failed(e);
        }
    }

    @Override
    public void send(Datagram datagram, long high, long low, int port) {
        if (closed) {
            unsent(1);
            return;
        }
        SendQueue queue = network.queue();
        queue.makeRoom(datagram);
        int entry = queue.add(lastWaiting, datagram, high, low, port);
        if (entry == SendQueue.NONE) {
            unsent(1);
            return;
        }
        if (host.isAnyLocalAddress() && isOfOurFamily(datagram)) {
            queue.from(entry, datagram.localHigh(), datagram.localLow());
        }
        if (firstWaiting == SendQueue.NONE) {
            firstWaiting = entry;
        }
        lastWaiting = entry;
        boolean isFirst = !isNoted;
        isNoted = true;
        network.outbox().queued(this, isFirst);
    }

    private boolean isOfOurFamily(Datagram datagram) {
        return isIpv4() == TransportAddress.isIpv4(datagram.localHigh(), datagram.localLow());
    }

    private boolean isIpv4() {
        return host instanceof Inet4Address;
    }

    /// The option is the socket's, so what was gathered before leaves first. Senders that ask for
    /// this probe a path; they are rare.
    @Override
    public void sendUnfragmented(Datagram datagram, long high, long low, int port) {
        if (closed) {
            unsent(1);
            return;
        }
        sendWaiting();
        try {
            LinuxSockets.fragment(socket(), isIpv4(), false);
            send(datagram, high, low, port);
            boolean isSent = sendWaiting();
            LinuxSockets.fragment(socket(), isIpv4(), true);
            if (!isSent && tellsIcmp) {
                network.errors().readRefusal(this, port);
            }
        } catch (IOException | ChannelException e) { // an open socket has this option
            handler.failed(e);
        }
    }

    @Override
    public void flush() {
        isNoted = false;
        sendWaiting();
    }

    /// Returns whether the network took all.
    private boolean sendWaiting() {
        int first = firstWaiting;
        if (first == SendQueue.NONE) {
            return true;
        }
        firstWaiting = SendQueue.NONE;
        lastWaiting = SendQueue.NONE;
        int lost = network.sender().send(descriptor(), first);
        if (lost > 0) {
            unsent(lost);
        }
        return lost == 0;
    }

    private void unsent(int datagrams) {
        try {
            handler.unsent(datagrams);
        } catch (Throwable e) {
            handler.failed(e);
        }
    }

    @Override
    public CompletionStage<Void> close() {
        if (!closed) {
            sendWaiting();
            closed = true;
            network.closed(descriptor());
            try {
                socket.release();
            } catch (IOException e) {
                handler.failed(e); // the descriptor is gone all the same
            }
        }
        return CompletableFuture.completedStage(null);
    }
}
