package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.net.DatagramNetwork.PortUse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

@Timeout(30)
class NettyDatagramNetworkIT {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);

    private final List<MultiThreadIoEventLoopGroup> groups = new ArrayList<>();
    private final List<NettyDatagramNetwork> networks = new ArrayList<>();

    @AfterEach
    void close() {
        networks.forEach(network -> network.close().toCompletableFuture().join());
        groups.forEach(
                group -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly());
    }

    @ParameterizedTest
    @EnumSource(NettyTransport.class)
    void datagramsOfAllSizesArriveWholeWithRoomInFront(NettyTransport netty) throws Exception {
        Recorder recorder = new Recorder();
        DatagramEndpoint endpoint = open(network(netty), ANY_PORT, PortUse.ALONE, recorder);
        try (DatagramSocket sender = new DatagramSocket(ANY_PORT)) {
            for (int size : new int[] {0, 1, 1500, 65_507}) {
                byte[] bytes = new byte[size];
                Arrays.fill(bytes, (byte) size);
                sender.send(new DatagramPacket(bytes, size, endpoint.localAddress()));

                Recorded received = recorder.take();
                assertThat(received.bytes()).isEqualTo(ByteBuffer.wrap(bytes));
                assertThat(received.from()).isEqualTo(sender.getLocalSocketAddress());
                assertThat(received.headroom()).isGreaterThanOrEqualTo(DatagramHandler.HEADROOM);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(NettyTransport.class)
    void aDatagramIsSentOnWithAHeaderInItsHeadroom(NettyTransport netty) throws Exception {
        DatagramHandler echo =
                new Recorder() {
                    @Override
                    public void received(
                            DatagramEndpoint on, ByteBuf datagram, InetSocketAddress from) {
                        datagram.readerIndex(datagram.readerIndex() - 4);
                        datagram.setInt(datagram.readerIndex(), 0xCAFE);
                        on.send(datagram.retain(), from);
                    }
                };
        DatagramEndpoint endpoint = open(network(netty), ANY_PORT, PortUse.ALONE, echo);
        try (DatagramSocket sender = new DatagramSocket(ANY_PORT)) {
            for (int i = 0; i < 1000; i++) { // more than there are buffers
                byte[] bytes = ("number " + i).getBytes(UTF_8);
                sender.send(new DatagramPacket(bytes, bytes.length, endpoint.localAddress()));
                DatagramPacket answer = new DatagramPacket(new byte[100], 100);
                sender.receive(answer);

                ByteBuf content = Unpooled.wrappedBuffer(answer.getData(), 0, answer.getLength());
                assertThat(content.readInt()).isEqualTo(0xCAFE);
                assertThat(content.toString(UTF_8)).isEqualTo("number " + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(NettyTransport.class)
    void whatCannotBeSentIsToldAndDoesNoHarm(NettyTransport netty) throws Exception {
        Recorder recorder = new Recorder();
        NettyDatagramNetwork network = network(netty);
        DatagramEndpoint endpoint = open(network, ANY_PORT, PortUse.ALONE, recorder);
        IoEventLoop loop = loop(network);
        InetSocketAddress nowhere = new InetSocketAddress(LOOPBACK, 0);
        try (DatagramSocket receiver = new DatagramSocket(ANY_PORT)) {
            InetSocketAddress peer = (InetSocketAddress) receiver.getLocalSocketAddress();
            loop.submit(
                            () -> {
                                endpoint.send(Unpooled.copiedBuffer("lost", UTF_8), nowhere);
                                endpoint.send(Unpooled.EMPTY_BUFFER, peer);
                                endpoint.send(Unpooled.copiedBuffer("one", UTF_8), peer);
                                endpoint.sendUnfragmented(
                                        Unpooled.copiedBuffer("two", UTF_8), peer);
                            })
                    .sync();

            assertThat(receive(receiver)).isEqualTo("one");
            assertThat(receive(receiver)).isEqualTo("two");
            assertThat(loop.submit(() -> recorder.unsent).get()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(NettyTransport.class)
    void aMistakeInAHandlerIsToldAndDoesNoHarm(NettyTransport netty) throws Exception {
        Recorder faulty =
                new Recorder() {
                    @Override
                    public void received(
                            DatagramEndpoint on, ByteBuf datagram, InetSocketAddress from) {
                        if (!datagram.isReadable()) {
                            throw new IllegalStateException("a mistake");
                        }
                        super.received(on, datagram, from);
                    }
                };
        DatagramEndpoint endpoint = open(network(netty), ANY_PORT, PortUse.ALONE, faulty);
        try (DatagramSocket sender = new DatagramSocket(ANY_PORT)) {
            sender.send(new DatagramPacket(new byte[0], 0, endpoint.localAddress()));
            sender.send(new DatagramPacket(new byte[] {1}, 1, endpoint.localAddress()));

            assertThat(faulty.take().bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
            assertThat(faulty.failures.take()).hasMessage("a mistake");
        }
    }

    @ParameterizedTest
    @EnumSource(NettyTransport.class)
    void aPortInUseAnAddressOfOthersAndAClosedSocketAreWhatTheyAre(NettyTransport netty)
            throws Exception {
        NettyDatagramNetwork network = network(netty);
        DatagramEndpoint endpoint = open(network, ANY_PORT, PortUse.ALONE, new Recorder());
        InetSocketAddress taken = endpoint.localAddress();

        assertThat(failure(network, taken, PortUse.ALONE)).isEqualTo(BindFailure.Kind.IN_USE);
        assertThat(
                        failure(
                                network,
                                new InetSocketAddress(InetAddress.ofLiteral("198.51.100.1"), 0),
                                PortUse.ALONE))
                .isEqualTo(BindFailure.Kind.NOT_LOCAL);
        endpoint.close().toCompletableFuture().join();
        assertThat(open(network, taken, PortUse.ALONE, new Recorder()).localAddress())
                .isEqualTo(taken);
    }

    @Test
    void loopsThatShareAPortDivideTheClientsAndKeepOutOtherServers() throws Exception {
        NettyTransport netty = NettyTransport.best();
        assumeTrue(netty.sharesPorts());
        Recorder one = new Recorder();
        Recorder two = new Recorder();
        NettyDatagramNetwork first = network(netty);
        NettyDatagramNetwork second = network(netty);
        InetSocketAddress shared = open(first, ANY_PORT, PortUse.FIRST_OF_MANY, one).localAddress();
        open(second, shared, PortUse.ONE_OF_MANY, two);

        assertThat(failure(network(netty), shared, PortUse.FIRST_OF_MANY))
                .isEqualTo(BindFailure.Kind.IN_USE);

        int clients = 64;
        for (int i = 0; i < clients; i++) {
            try (DatagramSocket client = new DatagramSocket(ANY_PORT)) {
                client.send(new DatagramPacket(new byte[] {1}, 1, shared));
                client.send(new DatagramPacket(new byte[] {2}, 1, shared));
            }
        }
        while (one.received.size() + two.received.size() < 2 * clients) {
            Thread.onSpinWait();
        }
        assertThat(one.received).as("each client stays with its loop").hasSizeBetween(20, 108);
        assertThat(one.received.size() % 2).isZero();
    }

    @Test
    void theFamiliesAreKeptApartOnWildcardsWhereThatIsPossible() throws Exception {
        NettyTransport netty = NettyTransport.best();
        assumeTrue(netty.separatesFamilies());
        Recorder four = new Recorder();
        Recorder six = new Recorder();
        NettyDatagramNetwork network = network(netty);
        DatagramEndpoint any6 =
                open(
                        network,
                        new InetSocketAddress(InetAddress.ofLiteral("::"), 0),
                        PortUse.ALONE,
                        six);
        int port = any6.localAddress().getPort();
        open(
                network,
                new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), port),
                PortUse.ALONE,
                four);

        try (DatagramSocket client4 = new DatagramSocket(ANY_PORT);
                DatagramSocket client6 =
                        new DatagramSocket(
                                new InetSocketAddress(InetAddress.ofLiteral("::1"), 0))) {
            client4.send(
                    new DatagramPacket(new byte[] {4}, 1, new InetSocketAddress(LOOPBACK, port)));
            client6.send(
                    new DatagramPacket(
                            new byte[] {6},
                            1,
                            new InetSocketAddress(InetAddress.ofLiteral("::1"), port)));

            assertThat(four.take().from()).isEqualTo(client4.getLocalSocketAddress());
            assertThat(six.take().from()).isEqualTo(client6.getLocalSocketAddress());
        }
    }

    private NettyDatagramNetwork network(NettyTransport netty) {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, netty.ioHandlers());
        groups.add(group);
        IoEventLoop loop = group.next();
        NettyDatagramNetwork network = new NettyDatagramNetwork(netty, loop, new Outbox(loop));
        networks.add(network);
        return network;
    }

    private IoEventLoop loop(NettyDatagramNetwork network) {
        return groups.get(networks.indexOf(network)).next();
    }

    private static DatagramEndpoint open(
            DatagramNetwork network,
            InetSocketAddress address,
            PortUse use,
            DatagramHandler handler) {
        return switch (network.open(address, use, handler).toCompletableFuture().join()) {
            case Opened.Bound(DatagramEndpoint endpoint) -> endpoint;
            case Opened.Failed(BindFailure failure) -> throw new AssertionError(failure);
        };
    }

    private static BindFailure.Kind failure(
            DatagramNetwork network, InetSocketAddress address, PortUse use) {
        return switch (network.open(address, use, new Recorder()).toCompletableFuture().join()) {
            case Opened.Bound(DatagramEndpoint endpoint) ->
                    throw new AssertionError("bound " + endpoint.localAddress());
            case Opened.Failed(BindFailure failure) -> failure.kind();
        };
    }

    private static String receive(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), UTF_8);
    }

    private record Recorded(ByteBuffer bytes, InetSocketAddress from, int headroom) {}

    /// Remembers all it is told.
    private static class Recorder implements DatagramHandler {

        final BlockingQueue<Recorded> received = new LinkedBlockingQueue<>();
        final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        int unsent;

        @Override
        public void received(DatagramEndpoint on, ByteBuf datagram, InetSocketAddress from) {
            received.add(
                    new Recorded(
                            ByteBuffer.wrap(ByteBufUtil.getBytes(datagram)),
                            from,
                            datagram.readerIndex()));
        }

        @Override
        public void unsent(int datagrams) {
            unsent += datagrams;
        }

        @Override
        public void failed(Throwable cause) {
            failures.add(cause);
        }

        Recorded take() throws InterruptedException {
            return received.take();
        }
    }
}
