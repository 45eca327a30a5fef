package io.hairpin.client;

import io.hairpin.stun.StreamFraming;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Frames over one TCP or TLS connection (RFC 8656 §12.5).
///
/// A thread of its own writes, because a socket's write cannot be told to give up: senders wait
/// for room in the queue instead, and no longer than they said.
final class TcpTransport implements Transport {
    static final int WRITE_QUEUE_FRAMES = 64;

    private final Socket socket;
    private final Duration writeTimeout;
    private final InetSocketAddress localAddress;
    private final BlockingQueue<byte[]> writes = new ArrayBlockingQueue<>(WRITE_QUEUE_FRAMES);
    private final ReaderThread reader;
    private final Thread writer;
    private volatile @Nullable IOException writeFailure;

    private TcpTransport(Socket socket, Duration writeTimeout) {
        this.socket = socket;
        this.writeTimeout = writeTimeout;
        this.localAddress = (InetSocketAddress) socket.getLocalSocketAddress();
        this.reader = new ReaderThread("turn-client-tcp-reader " + localAddress);
        this.writer =
                Thread.ofVirtual()
                        .name("turn-client-tcp-writer " + localAddress)
                        .unstarted(this::write);
    }

    static TcpTransport open(InetSocketAddress server, ClientOptions options) throws IOException {
        return new TcpTransport(connect(server, options), options.writeTimeout());
    }

    static TcpTransport open(InetSocketAddress server, ClientOptions options, TlsOptions tls)
            throws IOException {
        return new TcpTransport(connect(server, options, tls), options.writeTimeout());
    }

    /// A connection that nothing has been sent on.
    static Socket connect(InetSocketAddress server, ClientOptions options) throws IOException {
        return connect(server, options, socket -> socket);
    }

    /// The same with TLS on it.
    static Socket connect(InetSocketAddress server, ClientOptions options, TlsOptions tls)
            throws IOException {
        int timeout = Math.toIntExact(options.connectTimeout().toMillis());
        return connect(server, options, socket -> TlsSockets.secure(socket, server, tls, timeout));
    }

    private static Socket connect(InetSocketAddress server, ClientOptions options, Layer layer)
            throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.bind(LocalAddress.towards(server, options.local()));
            socket.connect(server, Math.toIntExact(options.connectTimeout().toMillis()));
            return layer.over(socket);
        } catch (IOException | RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    /// What is put on a connection before the first frame.
    private interface Layer {
        Socket over(Socket connected) throws IOException;
    }

    @Override
    public boolean reliable() {
        return true;
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public void start(Inbound inbound) {
        writer.start();
        reader.start(() -> read(inbound));
    }

    @Override
    public void send(ByteBuffer packet) throws IOException {
        if (socket.isClosed()) {
            throw (IOException) new ClosedChannelException().initCause(writeFailure);
        }
        byte[] frame = new byte[packet.remaining()];
        packet.duplicate().get(frame);
        try {
            if (!writes.offer(frame, writeTimeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the server has read nothing for " + writeTimeout);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException().initCause(interrupted);
        }
    }

    @Override
    public void close() throws IOException {
        endConnection();
        reader.join();
    }

    private void endConnection() throws IOException {
        writer.interrupt();
        socket.close();
    }

    private void write() {
        try {
            OutputStream out = socket.getOutputStream();
            while (!socket.isClosed()) {
                out.write(writes.take());
            }
        } catch (IOException failure) {
            writeFailure = failure;
            closeBecauseOf(failure);
        } catch (InterruptedException closing) {
            // Only close() interrupts this thread: what is queued will not be sent any more.
            writes.clear();
        }
    }

    private void read(Inbound inbound) {
        IOException end = new IOException("the reader failed");
        try {
            InputStream in = socket.getInputStream();
            ByteBuffer buffer = ByteBuffer.allocate(StreamFraming.MAX_FRAME_BYTES);
            while (true) {
                int count = in.read(buffer.array(), buffer.position(), buffer.remaining());
                if (count < 0) {
                    throw new EOFException("the server has closed the connection");
                }
                buffer.position(buffer.position() + count).flip();
                deliverFrames(buffer, inbound);
                buffer.compact();
            }
        } catch (IOException closed) {
            end = closed;
        } finally {
            closeBecauseOf(end);
            inbound.ended(end);
        }
    }

    private void closeBecauseOf(IOException cause) {
        try {
            endConnection();
        } catch (IOException failure) {
            cause.addSuppressed(failure);
        }
    }

    private static void deliverFrames(ByteBuffer buffer, Inbound inbound) throws IOException {
        while (true) {
            int length = StreamFraming.frameLength(buffer, buffer.position(), buffer.remaining());
            if (length == StreamFraming.NEED_MORE) {
                return;
            }
            if (length == StreamFraming.INVALID) {
                throw new IOException("the server sent what is neither STUN nor ChannelData");
            }
            inbound.packet(buffer.slice(buffer.position(), length));
            buffer.position(buffer.position() + length);
        }
    }
}
