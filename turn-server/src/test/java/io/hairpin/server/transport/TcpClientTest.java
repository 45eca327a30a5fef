package io.hairpin.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.net.Datagram;
import io.hairpin.net.Faults;
import io.hairpin.net.Outbox;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.SourceQuotas;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.StunMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How what is sent to a client over TLS is gathered and bounded.
class TcpClientTest {

    private static final int QUEUE_BYTES = 64 << 10;
    private static final int MESSAGE_BYTES = 1000;

    private final Outbox outbox = new Outbox(1000);
    private final Recorder recorder = new Recorder();

    @Test
    void aBurstLeavesInAsFewRecordsAsCanHoldIt() throws Exception {
        EmbeddedChannel server = new Connection();
        TcpClient client = encrypted(server);

        for (int i = 0; i < 20; i++) {
            assertThat(send(client)).isTrue();
        }
        outbox.flush();

        assertThat(recordLengths(server)).hasSize(2).allMatch(length -> length <= 17_000);
        server.finishAndReleaseAll();
    }

    @Test
    void whatIsNotEncryptedYetCounts() throws Exception {
        EmbeddedChannel server = new Connection();
        server.pipeline().addFirst(new SlowNetwork());
        TcpClient client = unfinished(server); // so that all waits in the handler of TLS

        int taken = 0;
        while (taken < 1000 && send(client)) {
            taken++;
            outbox.flush();
        }

        assertThat(taken).isBetween(50, QUEUE_BYTES / MESSAGE_BYTES);
        assertThat(recorder.dropped).containsExactly(DropReason.CLIENT_QUEUE_FULL);
        endThroughTheNetwork(server);
    }

    @Test
    void whatTheNetworkHasNotTakenCounts() throws Exception {
        EmbeddedChannel server = new Connection();
        TcpClient client = encrypted(server);
        server.pipeline().addFirst(new SlowNetwork());

        int taken = 0;
        while (taken < 1000 && send(client)) {
            taken++;
            outbox.flush();
        }

        assertThat(taken).isBetween(50, QUEUE_BYTES / MESSAGE_BYTES);
        endThroughTheNetwork(server);
    }

    /// A connection ends when its goodbye has left, which a slow network never lets it.
    private static void endThroughTheNetwork(EmbeddedChannel server) {
        server.pipeline().remove(SlowNetwork.class);
        server.finishAndReleaseAll();
    }

    private static boolean send(TcpClient client) {
        Datagram data = new Datagram();
        data.wrap(ByteBuffer.allocate(MESSAGE_BYTES));
        return client.send(data);
    }

    /// A client whose handshake is done.
    private TcpClient encrypted(EmbeddedChannel server) throws Exception {
        SslHandler tls = (SslHandler) TestCertificate.handlers().create(server);
        server.pipeline().addLast(tls);
        SslContext context =
                SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .build();
        EmbeddedChannel client = new EmbeddedChannel(context.newHandler(server.alloc()));
        while (!tls.handshakeFuture().isDone()) {
            exchange(client, server);
        }
        exchange(client, server);
        client.finishAndReleaseAll();
        server.releaseOutbound();
        return onTopOf(server);
    }

    private TcpClient unfinished(EmbeddedChannel server) {
        server.pipeline().addLast(TestCertificate.handlers().create(server));
        return onTopOf(server);
    }

    private TcpClient onTopOf(EmbeddedChannel server) {
        ClientInput input = new ClientInput(Connection.HERE, recorder, recorder);
        Arrival arrival =
                new Arrival(
                        server,
                        Connection.FROM,
                        new TcpSettings(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(5),
                                QUEUE_BYTES),
                        StreamServices.NONE,
                        new ConnectionLimit(1, 1, SourceQuotas.NONE, SourceQuotas.NONE, () -> 0),
                        new TcpClient.Surroundings(input, input, recorder, outbox, new Faults()));
        arrival.continueAs(StreamKind.TURN, server.pipeline());
        return server.pipeline().get(TcpClient.class);
    }

    private static void exchange(EmbeddedChannel client, EmbeddedChannel server) {
        pass(client, server);
        pass(server, client);
    }

    private static void pass(EmbeddedChannel from, EmbeddedChannel to) {
        from.runPendingTasks();
        for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            to.writeInbound(bytes);
        }
        to.runPendingTasks();
    }

    private static List<Integer> recordLengths(EmbeddedChannel channel) {
        List<Integer> lengths = new ArrayList<>();
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            while (sent.isReadable()) {
                int length = sent.getUnsignedShort(sent.readerIndex() + 3);
                lengths.add(length);
                sent.skipBytes(5 + length);
            }
            sent.release();
        }
        return lengths;
    }

    /// Keeps in the channel's queue whatever is written.
    private static final class SlowNetwork extends ChannelOutboundHandlerAdapter {

        @Override
        public void flush(ChannelHandlerContext context) {
            // What is not flushed stays where it is.
        }

        @Override
        public void write(
                ChannelHandlerContext context, @Nullable Object message, ChannelPromise promise) {
            context.write(message, promise);
        }
    }

    private static final class Connection extends EmbeddedChannel {

        static final InetSocketAddress FROM =
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 40_000);
        static final InetSocketAddress HERE =
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 3478);

        @Override
        protected SocketAddress remoteAddress0() {
            return FROM;
        }

        @Override
        protected SocketAddress localAddress0() {
            return HERE;
        }
    }

    private static final class Recorder implements Control, Traffic {

        final List<DropReason> dropped = new ArrayList<>();

        @Override
        public void received(FiveTuple from, StunMessage message) {}

        @Override
        public @Nullable DropReason refusal(long high, long low) {
            return null;
        }

        @Override
        public void connected(FiveTuple client, ConnectedClient link) {}

        @Override
        public void closed(FiveTuple client, ConnectedClient link) {}

        @Override
        public void relayedToPeer(int bytes) {}

        @Override
        public void relayedToClient(int bytes) {}

        @Override
        public void dropped(DropReason reason, long packets) {
            dropped.add(reason);
        }

        @Override
        public void refused(RefusalReason reason) {}
    }
}
