package io.hairpin.dtls;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.IoLoop;
import io.hairpin.net.IoLoops;
import io.hairpin.net.SocketBuffers;
import io.hairpin.net.SocketKind;
import io.hairpin.stun.TransportAddress;
import io.netty.util.concurrent.DefaultThreadFactory;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A DTLS server and clients of it on one event loop, and a network between them that a test has
/// its way with.
final class Lab implements AutoCloseable {

    /// Decides what becomes of a datagram, on the loop.
    interface Fate {

        /// After how many milliseconds it arrives; once for each copy, none if it is lost.
        List<Integer> delays(TransportAddress from, byte[] datagram);
    }

    static final Fate FAITHFUL = (_, _) -> List.of(0);
    static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 3478);
    static final DtlsLimits LIMITS =
            new DtlsLimits(100, 50, Duration.ofSeconds(10), Duration.ofMinutes(5));

    private static final int RESEND_MILLIS = 50;

    private final IoLoops loops;
    final IoLoop loop;
    final AtomicLong skippedNanos = new AtomicLong();
    final DtlsEngine engine;
    final DtlsServer server;
    final Recorder served = new Recorder();
    private final DtlsClients clients;
    private final InMemoryEndpoint serverEndpoint;
    private final Map<TransportAddress, Arrival> arrivals = new HashMap<>();
    private Fate fate = FAITHFUL;
    private Supplier<@Nullable Introduction> introductions = () -> null;

    private interface Arrival {
        void received(DatagramEndpoint on, Datagram datagram);
    }

    Lab(DtlsIdentities identities, DtlsLimits limits) {
        this(identities, limits, RESEND_MILLIS);
    }

    /// @param resendMillis after what silence a flight is first sent again
    Lab(DtlsIdentities identities, DtlsLimits limits, int resendMillis) {
        loops =
                IoLoops.start(
                        SocketKind.NIO,
                        1,
                        new DefaultThreadFactory("lab"),
                        () -> System.nanoTime() + skippedNanos.get());
        loop = loops.all().getFirst();
        SecureRandom random = new SecureRandom();
        engine = new DtlsEngine(identities, limits, random, resendMillis);
        server = call(() -> engine.server(loop, served));
        clients =
                new DtlsClients(
                        loop,
                        new DtlsClients.Settings(
                                chain -> {}, "turn.example.org", Duration.ofSeconds(20)),
                        random,
                        resendMillis);
        serverEndpoint = new InMemoryEndpoint(SERVER);
        arrivals.put(
                TransportAddress.of(SERVER),
                (on, datagram) -> server.received(on, datagram, introductions.get()));
    }

    static Lab faithful() {
        return new Lab(_ -> TestIdentity.ECDSA, LIMITS);
    }

    void fate(Fate fate) {
        run(() -> this.fate = fate);
    }

    /// Has a proxy say of each datagram to the server whom it is from, or nothing.
    void introduce(Supplier<@Nullable Introduction> introductions) {
        run(() -> this.introductions = introductions);
    }

    <T> T call(Callable<T> task) {
        return loop.loop().submit(task).syncUninterruptibly().getNow();
    }

    void run(Runnable task) {
        loop.loop().submit(task).syncUninterruptibly();
    }

    /// Lets time pass, as the server sees it.
    void skip(Duration time) {
        long then = call(() -> loop.clock().getAsLong()) + time.toNanos();
        skippedNanos.addAndGet(time.toNanos());
        while (call(() -> loop.clock().getAsLong()) - then < 0) {
            Thread.onSpinWait(); // until the loop reads its clock again
        }
        run(server::checkDeadlines);
    }

    static InetSocketAddress client(int number) {
        return new InetSocketAddress("198.51.100." + (1 + number / 60_000), 1024 + number % 60_000);
    }

    /// Begins a session from that address; the recorder hears of it.
    DtlsClient connect(InetSocketAddress from, Recorder recorder) {
        return call(
                () -> {
                    DtlsClient[] client = new DtlsClient[1];
                    arrivals.put(
                            TransportAddress.of(from),
                            (_, datagram) -> client[0].received(datagram));
                    client[0] =
                            clients.connect(
                                    new InMemoryEndpoint(from),
                                    TransportAddress.of(SERVER),
                                    recorder);
                    return client[0];
                });
    }

    /// Has what the server sends to that address taken in by a test.
    void listen(InetSocketAddress at, Consumer<byte[]> arrived) {
        run(
                () ->
                        arrivals.put(
                                TransportAddress.of(at),
                                (_, datagram) -> arrived.accept(Recorder.bytes(datagram))));
    }

    /// Gives the server a datagram as if it had come from there.
    void give(InetSocketAddress from, byte[] bytes) {
        run(() -> deliver(TransportAddress.of(from), TransportAddress.of(SERVER), bytes, 0));
    }

    /// The same, so many times in one turn of the loop.
    void give(InetSocketAddress from, byte[] bytes, int times) {
        run(
                () -> {
                    for (int i = 0; i < times; i++) {
                        deliver(TransportAddress.of(from), TransportAddress.of(SERVER), bytes, 0);
                    }
                });
    }

    private void deliver(
            TransportAddress from, TransportAddress to, byte[] bytes, int headerFields) {
        Arrival arrival = arrivals.get(to);
        if (arrival != null) {
            Datagram datagram = new Datagram();
            datagram.wrap(ByteBuffer.wrap(bytes));
            datagram.from(from.high(), from.low(), from.port());
            datagram.headerFields(headerFields);
            arrival.received(serverEndpoint, datagram);
        }
    }

    @Override
    public void close() {
        run(server::stop);
        loops.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /// Sends over the network of the lab.
    private final class InMemoryEndpoint implements DatagramEndpoint {

        private final InetSocketAddress address;

        InMemoryEndpoint(InetSocketAddress address) {
            this.address = address;
        }

        @Override
        public InetSocketAddress localAddress() {
            return address;
        }

        @Override
        public SocketBuffers buffers() {
            return SocketBuffers.SYSTEM_DEFAULT;
        }

        @Override
        public void send(Datagram datagram, long high, long low, int port) {
            byte[] bytes = new byte[datagram.totalLength()];
            datagram.copyTo(bytes, 0);
            int headerFields = datagram.headerFields();
            TransportAddress from = TransportAddress.of(address);
            TransportAddress to = new TransportAddress(high, low, port);
            for (int delay : fate.delays(from, bytes)) {
                if (delay == 0) {
                    loop.loop().execute(() -> deliver(from, to, bytes, headerFields));
                } else {
                    loop.loop()
                            .schedule(
                                    () -> deliver(from, to, bytes, headerFields),
                                    delay,
                                    TimeUnit.MILLISECONDS);
                }
            }
        }

        @Override
        public void sendUnfragmented(Datagram datagram, long high, long low, int port) {
            send(datagram, high, low, port);
        }

        @Override
        public CompletionStage<Void> close() {
            return CompletableFuture.completedStage(null);
        }
    }
}
