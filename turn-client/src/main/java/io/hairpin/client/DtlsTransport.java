package io.hairpin.client;

import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.UDPTransport;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.ReentrantLock;

/// Packets over a DTLS 1.2 session (RFC 7350), each in a record and each record in a datagram.
final class DtlsTransport implements Transport {

    /// As long as a record can be: like other clients over UDP this one leaves it to the caller not
    /// to exceed what the path takes.
    private static final int MAX_RECORD_BYTES = 1 << 14;

    /// Room for what [UDPTransport] takes off for the headers of IP and UDP, and for DTLS.
    private static final int OVERHEAD_BYTES = 512;

    private final DatagramSocket socket;
    private final InetSocketAddress localAddress;
    private final DTLSTransport session;
    private final ReentrantLock sending = new ReentrantLock();
    private final ReaderThread reader;

    private DtlsTransport(DatagramSocket socket, DTLSTransport session) {
        this.socket = socket;
        this.session = session;
        localAddress = (InetSocketAddress) socket.getLocalSocketAddress();
        reader = new ReaderThread("turn-client-dtls " + localAddress);
    }

    static DtlsTransport open(InetSocketAddress server, ClientOptions options, TlsOptions tls)
            throws IOException {
        DatagramSocket socket = new DatagramSocket(LocalAddress.towards(server, options.local()));
        try {
            socket.connect(server);
            UDPTransport datagrams = new UDPTransport(socket, MAX_RECORD_BYTES + OVERHEAD_BYTES);
            DtlsHandshake handshake = new DtlsHandshake(server, tls, options.connectTimeout());
            return new DtlsTransport(
                    socket, new DTLSClientProtocol().connect(handshake, datagrams));
        } catch (IOException | RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    @Override
    public boolean reliable() {
        return false;
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public void start(Inbound inbound) {
        reader.start(() -> read(inbound));
    }

    @Override
    public void send(ByteBuffer packet) throws IOException {
        byte[] bytes = new byte[packet.remaining()];
        packet.duplicate().get(bytes);
        sending.lock();
        try {
            if (socket.isClosed()) {
                throw new ClosedChannelException();
            }
            // The session would end itself over a packet that is too long.
            if (bytes.length > session.getSendLimit()) {
                throw new IOException("too long for a record of DTLS: " + bytes.length);
            }
            session.send(bytes, 0, bytes.length);
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        sending.lock();
        try {
            session.close();
        } finally {
            socket.close();
            sending.unlock();
        }
        reader.join();
    }

    private void read(Inbound inbound) {
        IOException end = new IOException("the reader failed");
        try {
            byte[] record = new byte[session.getReceiveLimit()];
            while (!socket.isClosed()) {
                int length = session.receive(record, 0, record.length, 0);
                if (length >= 0) {
                    inbound.packet(ByteBuffer.wrap(record, 0, length).slice());
                }
            }
            end = new IOException("the server has closed the session");
        } catch (IOException closed) {
            end = closed;
        } finally {
            socket.close();
            inbound.ended(end);
        }
    }
}
