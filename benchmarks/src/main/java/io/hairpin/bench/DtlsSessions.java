package io.hairpin.bench;

import io.hairpin.dtls.DtlsClient;
import io.hairpin.dtls.DtlsClients;
import io.hairpin.dtls.DtlsDrop;
import io.hairpin.dtls.DtlsEngine;
import io.hairpin.dtls.DtlsFailure;
import io.hairpin.dtls.DtlsHandler;
import io.hairpin.dtls.DtlsIdentity;
import io.hairpin.dtls.DtlsLimits;
import io.hairpin.dtls.DtlsReceiver;
import io.hairpin.dtls.DtlsServer;
import io.hairpin.dtls.DtlsSession;
import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.IoLoop;
import io.hairpin.net.IoLoops;
import io.hairpin.net.SocketBuffers;
import io.hairpin.net.SocketKind;
import io.hairpin.server.tls.Identity;
import io.hairpin.server.tls.SelfSigned;
import io.hairpin.stun.TransportAddress;
import io.netty.util.concurrent.DefaultThreadFactory;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// A DTLS server and clients of it, without a network between them. What a client sends after its
/// handshake stays with whoever had it sent.
final class DtlsSessions implements AutoCloseable {

    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 3478);
    private static final int FIRST_PORT = 1024;
    private static final int PORTS = 60_000;
    private static final DtlsLimits LIMITS =
            new DtlsLimits(1_000_000, 1000, Duration.ofMinutes(1), Duration.ofHours(1));

    private final IoLoops loops;
    private final IoLoop loop;
    private final DtlsServer server;
    private final DtlsClients clients;
    private final Map<TransportAddress, DtlsClient> connecting = new HashMap<>();
    private final Endpoint toClients = new Endpoint(SERVER, this::toClient);
    private int connected;

    DtlsSessions() {
        loops = IoLoops.start(SocketKind.NIO, 1, new DefaultThreadFactory("dtls"));
        loop = loops.all().getFirst();
        SecureRandom random = new SecureRandom();
        Identity identity =
                SelfSigned.of(List.of(InetAddress.getLoopbackAddress()), Instant.now(), random);
        DtlsIdentity shown = new DtlsIdentity(identity.chain(), identity.key());
        DtlsEngine engine = new DtlsEngine(_ -> shown, LIMITS, random);
        server = call(() -> engine.server(loop, new Silent()));
        clients =
                new DtlsClients(
                        loop,
                        new DtlsClients.Settings(_ -> {}, null, Duration.ofMinutes(1)),
                        random);
    }

    private <T> T call(Callable<T> task) {
        return loop.loop().submit(task).syncUninterruptibly().getNow();
    }

    /// Brings one more client through its handshake, and to say something.
    Client connect() {
        int number = connected++;
        Client client =
                new Client(
                        new InetSocketAddress(
                                "198.51.100." + (1 + number / PORTS), FIRST_PORT + number % PORTS));
        call(
                () ->
                        connecting.put(
                                client.address,
                                clients.connect(
                                        client.endpoint, TransportAddress.of(SERVER), client)));
        DtlsSession session = client.opened.join();
        call(() -> connecting.remove(client.address));
        client.session = session;
        loop.loop()
                .submit(() -> client.arrive(client.seal(ByteBuffer.allocate(20))))
                .syncUninterruptibly();
        return client;
    }

    private void toClient(TransportAddress to, byte[] bytes) {
        loop.loop()
                .execute(
                        () -> {
                            DtlsClient client = connecting.get(to);
                            if (client != null) {
                                Datagram arriving = new Datagram();
                                arriving.wrap(ByteBuffer.wrap(bytes));
                                client.received(arriving);
                            }
                        });
    }

    /// One client. Once it is connected, nothing but its caller moves it.
    final class Client extends Silent {

        private final TransportAddress address;
        private final Endpoint endpoint;
        private final Datagram message = new Datagram();
        private final Datagram arriving = new Datagram();
        private final CompletableFuture<DtlsSession> opened = new CompletableFuture<>();
        private @Nullable DtlsSession session;
        private byte[] sent = {};

        Client(InetSocketAddress address) {
            this.address = TransportAddress.of(address);
            endpoint = new Endpoint(address, this::sent);
        }

        private void sent(TransportAddress to, byte[] bytes) {
            sent = bytes;
            if (session == null) {
                loop.loop().execute(() -> arrive(bytes));
            }
        }

        /// Encrypts a message, and returns the record.
        byte[] seal(ByteBuffer plaintext) {
            message.wrap(plaintext);
            if (session == null || !session.send(message)) {
                throw new IllegalStateException("no session");
            }
            return sent;
        }

        /// Gives the server a record.
        void arrive(byte[] record) {
            arriving.wrap(ByteBuffer.wrap(record));
            arriving.from(address.high(), address.low(), address.port());
            server.received(toClients, arriving);
        }

        @Override
        public DtlsReceiver opened(DtlsSession session) {
            opened.complete(session);
            return this;
        }

        @Override
        public void failed(DtlsFailure reason) {
            opened.completeExceptionally(new IllegalStateException(reason.name()));
        }
    }

    @Override
    public void close() {
        loops.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /// Takes everything, and says nothing.
    static class Silent implements DtlsHandler, DtlsReceiver {

        @Override
        public DtlsReceiver opened(DtlsSession session) {
            return this;
        }

        @Override
        public void failed(DtlsFailure reason) {}

        @Override
        public void dropped(DtlsDrop reason) {}

        @Override
        public void received(Datagram plaintext) {}

        @Override
        public void idle() {}

        @Override
        public void closed() {}
    }

    private interface Delivery {
        void to(TransportAddress to, byte[] bytes);
    }

    private record Endpoint(InetSocketAddress localAddress, Delivery delivery)
            implements DatagramEndpoint {

        @Override
        public void send(Datagram datagram, long high, long low, int port) {
            byte[] bytes = new byte[datagram.totalLength()];
            datagram.copyTo(bytes, 0);
            delivery.to(new TransportAddress(high, low, port), bytes);
        }

        @Override
        public void sendUnfragmented(Datagram datagram, long high, long low, int port) {
            send(datagram, high, low, port);
        }

        @Override
        public SocketBuffers buffers() {
            return SocketBuffers.SYSTEM_DEFAULT;
        }

        @Override
        public CompletionStage<Void> close() {
            return CompletableFuture.completedStage(null);
        }
    }
}
