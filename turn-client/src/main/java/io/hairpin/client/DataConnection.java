package io.hairpin.client;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/// A connection to the server that carries bytes between us and one peer of our TCP relay, both
/// ways and nothing else (RFC 6062 §4.3). It lasts no longer than the allocation.
public final class DataConnection implements AutoCloseable {

    private static final int PREFIX_BYTES = 4;

    /// A STUN header, less its prefix.
    private static final int REST_OF_HEADER_BYTES = 16;

    private final Socket socket;

    private DataConnection(Socket socket) {
        this.socket = socket;
    }

    /// Binds a connection with a peer over TCP. The server decides for how long that can be done.
    ///
    /// Throws what asking does, and `UncheckedIOException` if the server cannot be reached.
    public static DataConnection tcp(
            InetSocketAddress server,
            ClientOptions options,
            String username,
            String password,
            long connectionId) {
        try {
            Credentials credentials = new Credentials(username, password);
            return bind(TcpTransport.connect(server, options), options, credentials, connectionId);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot connect to " + server, failure);
        }
    }

    /// The same over TLS.
    public static DataConnection tls(
            InetSocketAddress server,
            TlsOptions tls,
            ClientOptions options,
            String username,
            String password,
            long connectionId) {
        try {
            Credentials credentials = new Credentials(username, password);
            Socket socket = TcpTransport.connect(server, options, tls);
            return bind(socket, options, credentials, connectionId);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot connect by TLS to " + server, failure);
        }
    }

    private static DataConnection bind(
            Socket socket, ClientOptions options, Credentials credentials, long connectionId)
            throws IOException {
        Opening opening = new Opening(socket);
        Transactions transactions =
                new Transactions(opening, options.retransmission(), Time.SYSTEM);
        opening.start(new Incoming(transactions, new ReceiveQueue(1)));
        Requests requests = new Requests(transactions, options.random());
        requests.authenticateWith(credentials);
        boolean bound = false;
        try {
            requests.send(
                    Method.CONNECTION_BIND,
                    request -> request.with(Attributes.CONNECTION_ID, connectionId),
                    options.retransmission().total());
            bound = true;
            return new DataConnection(socket);
        } finally {
            if (!bound) {
                opening.close();
            }
        }
    }

    /// What the peer sends.
    public InputStream input() throws IOException {
        return socket.getInputStream();
    }

    /// What goes to the peer.
    public OutputStream output() throws IOException {
        return socket.getOutputStream();
    }

    /// Tells the peer that no more will come.
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /// The socket, for what it can be told besides.
    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// The connection as long as it speaks STUN. What follows the last answer is not touched.
    private static final class Opening implements Transport {

        private final Socket socket;
        private final ReaderThread reader = new ReaderThread("turn-client-bind-reader");

        Opening(Socket socket) {
            this.socket = socket;
        }

        @Override
        public boolean reliable() {
            return true;
        }

        @Override
        public InetSocketAddress localAddress() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        @Override
        public void start(Inbound inbound) {
            reader.start(() -> read(inbound));
        }

        private void read(Inbound inbound) {
            try {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                boolean bound = false;
                while (!bound) {
                    ByteBuffer message = message(in);
                    // The class of a success in the method's number (RFC 8489 §5).
                    bound = message.getShort(0) == (0x0100 | Method.CONNECTION_BIND.code());
                    inbound.packet(message);
                }
            } catch (IOException failure) {
                inbound.ended(failure);
            }
        }

        private static ByteBuffer message(DataInputStream in) throws IOException {
            byte[] prefix = new byte[PREFIX_BYTES];
            in.readFully(prefix);
            int length = Short.toUnsignedInt(ByteBuffer.wrap(prefix).getShort(2));
            if ((prefix[0] & 0xC0) != 0) {
                throw new IOException("the server sent what is no STUN");
            }
            byte[] rest = new byte[REST_OF_HEADER_BYTES + length];
            in.readFully(rest);
            return ByteBuffer.allocate(PREFIX_BYTES + rest.length).put(prefix).put(rest).flip();
        }

        @Override
        public void send(ByteBuffer packet) throws IOException {
            byte[] bytes = new byte[packet.remaining()];
            packet.duplicate().get(bytes);
            socket.getOutputStream().write(bytes);
        }

        @Override
        public void close() throws IOException {
            socket.close();
            reader.join();
        }
    }
}
