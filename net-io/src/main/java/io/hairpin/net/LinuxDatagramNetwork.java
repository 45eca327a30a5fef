package io.hairpin.net;

import io.netty.channel.ChannelException;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Datagram sockets as plain descriptors on Netty's epoll loop, read and written by system calls
/// that take many datagrams at once. All sockets of a loop share one set of buffers.
final class LinuxDatagramNetwork implements DatagramNetwork {

    private final IoEventLoop loop;
    private final Outbox outbox;
    private final LinuxSockets sockets;
    private final SendQueue queue;
    private final Sender sender;
    private final Receiver receiver;
    private final ErrorQueue errors;
    private final IntObjectMap<LinuxDatagramEndpoint> open = new IntObjectHashMap<>();

    LinuxDatagramNetwork(IoLoop on, Offload offload) {
        loop = on.loop();
        outbox = on.outbox();
        sockets = new LinuxSockets(offload);
        PacketArena packets = new PacketArena();
        Arena structs = Arena.ofShared();
        queue = new SendQueue(packets, outbox);
        sender = new Sender(structs, queue, new Segmentation(offload.gso()));
        receiver = new Receiver(structs, packets, queue, outbox);
        errors = new ErrorQueue(structs);
        loop.terminationFuture()
                .addListener(
                        _ -> {
                            packets.close();
                            structs.close();
                        });
    }

    /// Whether this machine has all that is needed. Never throws.
    static boolean isAvailable() {
        return Availability.PROVEN;
    }

    Outbox outbox() {
        return outbox;
    }

    SendQueue queue() {
        return queue;
    }

    Sender sender() {
        return sender;
    }

    Receiver receiver() {
        return receiver;
    }

    ErrorQueue errors() {
        return errors;
    }

    @Override
    public CompletionStage<Opened> open(Spec spec, DatagramHandler handler) {
        LinuxSocket socket;
        try {
            socket = sockets.open(spec);
        } catch (IOException | ChannelException e) {
            return CompletableFuture.completedStage(failed(e));
        }
        InetAddress host = spec.address().getAddress();
        int asked = spec.address().getPort();
        int port = asked == 0 ? socket.localAddress().getPort() : asked;
        LinuxDatagramEndpoint endpoint =
                new LinuxDatagramEndpoint(
                        this,
                        socket,
                        new InetSocketAddress(host, port),
                        spec.signals().icmp(),
                        handler);
        open.put(endpoint.descriptor(), endpoint);
        return endpoint.register(loop)
                .handle(
                        (_, failure) -> {
                            if (failure == null) {
                                return new Opened.Bound(endpoint);
                            }
                            endpoint.close();
                            return failed(failure);
                        });
    }

    private static Opened failed(Throwable cause) {
        return new Opened.Failed(BindFailure.of(cause));
    }

    void closed(int descriptor) {
        open.remove(descriptor);
    }

    @Override
    public CompletionStage<Void> close() {
        List.copyOf(open.values()).forEach(LinuxDatagramEndpoint::close);
        return CompletableFuture.completedStage(null);
    }

    /// Found out when first asked for.
    private static final class Availability {

        static final boolean PROVEN = isProven();

        private static boolean isProven() {
            String architecture = System.getProperty("os.arch");
            return Epoll.isAvailable()
                    && (architecture.equals("amd64") || architecture.equals("aarch64"))
                    && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                    && LinuxDatagramNetwork.class.getModule().isNativeAccessEnabled()
                    && callsWork();
        }

        /// Makes each call once, with nothing to do: sandboxes refuse some.
        private static boolean callsWork() {
            try {
                LinuxSocket socket = LinuxSocket.newSocketDgram(SocketProtocolFamily.INET);
                try {
                    new PacketArena().close();
                    return SystemCalls.recvmmsg(socket.intValue(), 0, 0) == 0
                            && SystemCalls.sendmmsg(socket.intValue(), 0, 0) == 0;
                } finally {
                    socket.close();
                }
            } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError _) {
                return false;
            }
        }
    }
}
