package io.hairpin.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

import org.bouncycastle.tls.TlsClientProtocol;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A client of Bouncy Castle's and our server on two ends of a wire in memory.
final class RawKeyPair implements AutoCloseable {

    final EmbeddedChannel server = new EmbeddedChannel();
    final List<Throwable> thrown = new ArrayList<>();
    final List<Object> events = new ArrayList<>();
    private final StringBuilder received = new StringBuilder();
    private final TlsClientProtocol client = new TlsClientProtocol();
    private final int pieceBytes;
    private @Nullable IOException clientFailure;

    RawKeyPair(RawPublicKeyTls tls, RawKeyClient asking) {
        this(tls, asking, Integer.MAX_VALUE);
    }

    /// Connects and shakes hands, as far as both agree to.
    ///
    /// @param pieceBytes how much of what the client sends arrives at a time
    RawKeyPair(RawPublicKeyTls tls, RawKeyClient asking, int pieceBytes) {
        this.pieceBytes = pieceBytes;
        server.pipeline().addLast(tls.handlerFor(server), new Collector());
        try {
            client.connect(asking);
        } catch (IOException e) {
            clientFailure = e;
        }
        pump();
    }

    /// A server to which something else than a client speaks.
    RawKeyPair(RawPublicKeyTls tls) {
        pieceBytes = Integer.MAX_VALUE;
        server.pipeline().addLast(tls.handlerFor(server), new Collector());
    }

    private final class Collector extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            received.append(((ByteBuf) message).toString(US_ASCII));
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            events.add(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            thrown.add(cause);
        }
    }

    boolean established() {
        SslHandler handler = server.pipeline().get(SslHandler.class);
        return handler != null && handler.handshakeFuture().isSuccess() && client.isConnected();
    }

    /// What came to serve the client.
    SslHandler handler() {
        return Objects.requireNonNull(server.pipeline().get(SslHandler.class));
    }

    @Nullable IOException clientFailure() {
        return clientFailure;
    }

    /// What has come to the server by now, decrypted.
    String received() {
        return received.toString();
    }

    /// Sends from the client, and returns what has come to the server by then.
    String send(String text) throws IOException {
        byte[] bytes = text.getBytes(US_ASCII);
        client.writeApplicationData(bytes, 0, bytes.length);
        pump();
        return received();
    }

    /// Sends from the server, and returns what the client has got of it.
    String answer(String text) {
        server.writeOutbound(Unpooled.copiedBuffer(text, US_ASCII));
        pump();
        byte[] got = new byte[client.getAvailableInputBytes()];
        client.readInput(got, 0, got.length);
        return new String(got, US_ASCII);
    }

    /// Has the server take in bytes as if they came from its client.
    void give(byte[] bytes) {
        receive(Unpooled.copiedBuffer(bytes));
    }

    /// What the server sent that has not got to the client.
    byte[] sent() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf next = server.readOutbound(); next != null; next = server.readOutbound()) {
            all.writeBytes(next);
            next.release();
        }
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }

    /// Has the client end it.
    void endByClient() throws IOException {
        client.close();
        pump();
    }

    /// Has the server end it.
    void endByServer() {
        server.close();
        pump();
    }

    boolean isClientClosed() {
        return client.isClosed();
    }

    /// Whether the client thinks that the other side broke off without a word.
    boolean isTruncated() {
        try {
            client.closeInput();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    void pump() {
        boolean moved = true;
        while (moved) {
            moved = fromClient();
            moved |= fromServer();
            server.runPendingTasks();
        }
    }

    private boolean fromClient() {
        int available = client.getAvailableOutputBytes();
        while (client.getAvailableOutputBytes() > 0) {
            byte[] piece = new byte[Math.min(pieceBytes, client.getAvailableOutputBytes())];
            client.readOutput(piece, 0, piece.length);
            receive(Unpooled.wrappedBuffer(piece));
        }
        return available > 0;
    }

    private void receive(ByteBuf bytes) {
        if (server.isActive()) {
            server.pipeline().fireChannelRead(bytes);
            server.pipeline().fireChannelReadComplete();
            server.runPendingTasks();
        } else {
            bytes.release();
        }
    }

    private boolean fromServer() {
        byte[] bytes = sent();
        if (bytes.length > 0 && !client.isClosed()) {
            try {
                client.offerInput(bytes);
            } catch (IOException e) {
                clientFailure = e;
            }
        }
        return bytes.length > 0;
    }

    @Override
    public void close() {
        server.close();
        server.releaseOutbound();
    }
}
