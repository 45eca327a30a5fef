package io.hairpin.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps other programs off UDP ports that are promised to somebody: each has a socket that does
/// nothing. Thread-safe: what one shard holds another may let go.
///
/// Whoever holds ports bounds their number.
public final class HeldPorts implements AutoCloseable {

    /// Takes a port, and gives it back when closed.
    @FunctionalInterface
    public interface Binding {
        Closeable bind(InetSocketAddress address) throws IOException;
    }

    /// The kernel makes it its minimum: nobody reads what arrives.
    private static final int RECEIVE_BUFFER_BYTES = 1;

    private final Binding binding;
    private final Map<InetSocketAddress, Closeable> sockets = new ConcurrentHashMap<>();

    public HeldPorts() {
        this(HeldPorts::socket);
    }

    public HeldPorts(Binding binding) {
        this.binding = binding;
    }

    /// Takes a port, or says why it could not be taken.
    public Optional<BindFailure> hold(InetSocketAddress address) {
        try {
            sockets.put(address, binding.bind(address));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(BindFailure.of(e));
        }
    }

    /// Frees a port for its next holder; one that is not held is left alone.
    public void letGo(InetSocketAddress address) {
        Closeable socket = sockets.remove(address);
        if (socket != null) {
            close(socket);
        }
    }

    @Override
    public void close() {
        sockets.keySet().forEach(this::letGo);
    }

    private static Closeable socket(InetSocketAddress address) throws IOException {
        boolean ipv4 = address.getAddress() instanceof Inet4Address;
        DatagramChannel socket =
                DatagramChannel.open(
                        ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            socket.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            socket.bind(address);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a socket that nothing was sent on failed to close", e);
        }
    }
}
