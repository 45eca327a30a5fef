package io.hairpin.server;

import static io.hairpin.server.TestConfiguration.PASSWORD;
import static io.hairpin.server.TestConfiguration.USER;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/// A TCP client that can misbehave: it decides itself when it reads, and what it writes.
final class RawTcpClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final DataInputStream in;
    private final SplittableRandom random = new SplittableRandom(1);
    private String realm = "";
    private String nonce = "";

    /// A client on a connection that is there, be it one over TLS.
    RawTcpClient(Socket connected) throws IOException {
        socket = connected;
        in = new DataInputStream(socket.getInputStream());
    }

    /// @param receiveBufferBytes what the system is to take in while nobody reads
    RawTcpClient(InetSocketAddress server, int receiveBufferBytes) throws IOException {
        this(connect(server, receiveBufferBytes));
    }

    RawTcpClient(InetSocketAddress server) throws IOException {
        this(server, 64 << 10);
    }

    /// A connection that no client is on yet.
    static Socket connect(InetSocketAddress server) throws IOException {
        return connect(server, 64 << 10);
    }

    private static Socket connect(InetSocketAddress server, int receiveBufferBytes)
            throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBufferBytes);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(server, PATIENCE_MILLIS);
        return socket;
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /// Where the server says it sees this client.
    InetSocketAddress mappedAddress() throws IOException {
        return exchange(bindingRequest()).find(Attributes.XOR_MAPPED_ADDRESS).orElseThrow();
    }

    /// Whether the server has closed the connection, waited for as long as it may take.
    boolean isClosedByServer() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    /// Reads one frame, padding included.
    byte[] readFrame() throws IOException {
        byte[] prefix = new byte[4];
        in.readFully(prefix);
        int length = ((prefix[2] & 0xFF) << 8) | (prefix[3] & 0xFF);
        boolean channelData = (prefix[0] & 0xC0) == 0x40;
        int rest = channelData ? ChannelData.paddedLength(length) : 16 + length;
        byte[] frame = ByteBuffer.allocate(4 + rest).put(prefix).array();
        in.readFully(frame, 4, rest);
        return frame;
    }

    InetSocketAddress allocate() throws IOException {
        StunMessage challenge = exchange(sign(Method.ALLOCATE, each -> each));
        realm = challenge.find(Attributes.REALM).orElseThrow();
        nonce = challenge.find(Attributes.NONCE).orElseThrow();
        return exchange(
                        sign(
                                Method.ALLOCATE,
                                each -> each.with(Attributes.REQUESTED_TRANSPORT, 17)))
                .find(Attributes.XOR_RELAYED_ADDRESS)
                .orElseThrow();
    }

    /// Binds a connection with a peer, with bytes for the peer right behind the request.
    StunMessage connectionBind(long id, byte[] behind) throws IOException {
        StunMessage challenge = exchange(sign(Method.CONNECTION_BIND, each -> each));
        realm = challenge.find(Attributes.REALM).orElseThrow();
        nonce = challenge.find(Attributes.NONCE).orElseThrow();
        byte[] request =
                sign(Method.CONNECTION_BIND, each -> each.with(Attributes.CONNECTION_ID, id))
                        .toBytes();
        write(ByteBuffer.allocate(request.length + behind.length).put(request).put(behind).array());
        return read();
    }

    /// Reads bytes that are no frame.
    byte[] readBytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        in.readFully(bytes);
        return bytes;
    }

    void channelBind(int channel, InetSocketAddress peer) throws IOException {
        exchange(
                sign(
                        Method.CHANNEL_BIND,
                        each ->
                                each.with(Attributes.CHANNEL_NUMBER, channel)
                                        .with(Attributes.XOR_PEER_ADDRESS, peer)));
    }

    StunMessage bindingRequest() {
        return StunMessage.request(Method.BINDING, TransactionId.random(random)).build();
    }

    StunMessage exchange(StunMessage request) throws IOException {
        write(request.toBytes());
        return read();
    }

    private StunMessage read() throws IOException {
        return switch (StunDecoder.decode(ByteBuffer.wrap(readFrame()))) {
            case Decoded.Message(StunMessage message) -> message;
            case Decoded.Malformed(var reason) -> throw new EOFException(reason.toString());
        };
    }

    private StunMessage sign(Method method, UnaryOperator<StunMessage.Builder> attributes) {
        StunMessage.Builder request =
                attributes.apply(StunMessage.request(method, TransactionId.random(random)));
        return nonce.isEmpty()
                ? request.build()
                : request.with(Attributes.USERNAME, USER)
                        .with(Attributes.REALM, realm)
                        .with(Attributes.NONCE, nonce)
                        .integrity(
                                Integrity.SHA1,
                                IntegrityKey.longTerm(PasswordAlgorithm.MD5, USER, realm, PASSWORD))
                        .build();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
