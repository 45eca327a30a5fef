package io.hairpin.net;

import static io.hairpin.net.Networks.ANY_PORT;
import static io.hairpin.net.Networks.LOOPBACK;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.net.DatagramNetwork.PortUse;
import io.hairpin.net.DatagramNetwork.Spec;
import io.hairpin.net.Recorder.Recorded;
import io.hairpin.stun.TransportAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// What holds for the sockets of every kind.
@Timeout(30)
@ParameterizedClass
@MethodSource("io.hairpin.net.Networks#kinds")
class DatagramNetworkIT {

    private final SocketKind kind;
    private final Networks networks = new Networks();

    DatagramNetworkIT(SocketKind kind) {
        this.kind = kind;
    }

    @AfterEach
    void close() {
        networks.close();
    }

    @Test
    void datagramsOfAllSizesArriveWhole() throws Exception {
        Recorder recorder = new Recorder();
        DatagramEndpoint endpoint = networks.start(kind).open(ANY_PORT, recorder);
        try (DatagramSocket sender = new DatagramSocket(ANY_PORT)) {
            for (int size : new int[] {0, 1, 1500, 65_507}) {
                byte[] bytes = new byte[size];
                Arrays.fill(bytes, (byte) size);
                sender.send(new DatagramPacket(bytes, size, endpoint.localAddress()));

                Recorded received = recorder.take();
                assertThat(received.bytes()).isEqualTo(ByteBuffer.wrap(bytes));
                assertThat(received.from()).isEqualTo(sender.getLocalSocketAddress());
            }
        }
    }

    @Test
    void theFieldsOfTheHeaderAreHeededAndToldWhereTheKindCan() throws Exception {
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(kind);
        PathSignals telling = new PathSignals(false, true, true);
        DatagramEndpoint receiver =
                on.open(
                        new Spec(ANY_PORT, PortUse.ALONE, SocketBuffers.SYSTEM_DEFAULT, telling),
                        recorder);
        TransportAddress to = TransportAddress.of(receiver.localAddress());
        DatagramEndpoint sender = on.open(ANY_PORT, new Recorder());

        on.runTurn(
                () -> {
                    Datagram datagram = Networks.datagram(new byte[] {1});
                    datagram.trafficClass(0xB8);
                    datagram.hopLimit(7);
                    sender.send(datagram, to.high(), to.low(), to.port());
                });

        Recorded received = recorder.take();
        assertThat(received.bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
        assertThat(received.trafficClass()).isEqualTo(kind.carriesHeaderFields() ? 0xB8 : 0);
        assertThat(received.hopLimit()).isEqualTo(kind.carriesHeaderFields() ? 7 : 0);
    }

    @Test
    void aDatagramIsSentOnWithAHeaderInFrontAndZerosBehind() throws Exception {
        DatagramHandler echo =
                new Recorder() {
                    @Override
                    public void received(DatagramEndpoint on, Datagram datagram) {
                        int header = datagram.prepend(HEADROOM);
                        datagram.bytes().putInt(header, 0xCAFE);
                        datagram.pad(3);
                        Networks.answer(on, datagram);
                    }
                };
        DatagramEndpoint endpoint = networks.start(kind).open(ANY_PORT, echo);
        try (DatagramSocket sender = new DatagramSocket(ANY_PORT)) {
            for (int i = 0; i < 1000; i++) { // more than there are buffers
                byte[] bytes = ("number " + i).getBytes(UTF_8);
                sender.send(new DatagramPacket(bytes, bytes.length, endpoint.localAddress()));

                ByteBuffer answer = ByteBuffer.wrap(receive(sender));

                assertThat(answer.getInt(0)).isEqualTo(0xCAFE);
                answer.position(DatagramHandler.HEADROOM);
                assertThat(UTF_8.decode(answer).toString()).isEqualTo("number " + i + "\0\0\0");
            }
        }
    }

    @Test
    void aDatagramIsSentOnWithoutTheHeaderItCameWith() throws Exception {
        DatagramHandler echo =
                new Recorder() {
                    @Override
                    public void received(DatagramEndpoint on, Datagram datagram) {
                        datagram.narrow(datagram.start() + 4, datagram.length() - 5);
                        Networks.answer(on, datagram);
                    }
                };
        DatagramEndpoint endpoint = networks.start(kind).open(ANY_PORT, echo);
        try (DatagramSocket sender = new DatagramSocket(ANY_PORT)) {
            byte[] bytes = "headpayload.".getBytes(UTF_8);
            sender.send(new DatagramPacket(bytes, bytes.length, endpoint.localAddress()));

            assertThat(new String(receive(sender), UTF_8)).isEqualTo("payload");
        }
    }

    @Test
    void whatCannotBeSentIsToldAndDoesNoHarm() throws Exception {
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(kind);
        DatagramEndpoint endpoint = on.open(ANY_PORT, recorder);
        InetSocketAddress nowhere = new InetSocketAddress(LOOPBACK, 0);
        try (DatagramSocket receiver = new DatagramSocket(ANY_PORT)) {
            InetSocketAddress peer = (InetSocketAddress) receiver.getLocalSocketAddress();
            TransportAddress numbers = TransportAddress.of(peer);
            on.runTurn(
                    () -> {
                        Networks.send(endpoint, "lost".getBytes(UTF_8), nowhere);
                        Networks.send(endpoint, new byte[65_508], peer);
                        Networks.send(endpoint, "one".getBytes(UTF_8), peer);
                        endpoint.sendUnfragmented(
                                Networks.datagram("two".getBytes(UTF_8)),
                                numbers.high(),
                                numbers.low(),
                                numbers.port());
                    });

            assertThat(new String(receive(receiver), UTF_8)).isEqualTo("one");
            assertThat(new String(receive(receiver), UTF_8)).isEqualTo("two");
            assertThat(recorder.unsent).hasValue(2);
        }
    }

    @Test
    void anEmptyDatagramIsSentOrToldNotToBe() throws Exception {
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(kind);
        DatagramEndpoint endpoint = on.open(ANY_PORT, recorder);
        try (DatagramSocket receiver = new DatagramSocket(ANY_PORT)) {
            InetSocketAddress peer = (InetSocketAddress) receiver.getLocalSocketAddress();
            on.runTurn(
                    () -> {
                        Networks.send(endpoint, new byte[0], peer);
                        Networks.send(endpoint, new byte[] {1}, peer);
                    });

            if (kind == SocketKind.NATIVE) {
                assertThat(receive(receiver)).isEmpty();
            }
            assertThat(receive(receiver)).containsExactly(1);
            assertThat(recorder.unsent).hasValue(kind == SocketKind.NATIVE ? 0 : 1);
        }
    }

    @Test
    void aMistakeInAHandlerIsToldAndDoesNoHarm() throws Exception {
        Recorder faulty =
                new Recorder() {
                    @Override
                    public void received(DatagramEndpoint on, Datagram datagram) {
                        if (datagram.length() == 0) {
                            throw new IllegalStateException("a mistake");
                        }
                        super.received(on, datagram);
                    }
                };
        DatagramEndpoint endpoint = networks.start(kind).open(ANY_PORT, faulty);
        try (DatagramSocket sender = new DatagramSocket(ANY_PORT)) {
            sender.send(new DatagramPacket(new byte[0], 0, endpoint.localAddress()));
            sender.send(new DatagramPacket(new byte[] {1}, 1, endpoint.localAddress()));

            assertThat(faulty.take().bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
            assertThat(faulty.failures.take()).hasMessage("a mistake");
        }
    }

    @Test
    void aPortInUseAnAddressOfOthersAndAClosedSocketAreWhatTheyAre() {
        Networks.On on = networks.start(kind);
        DatagramEndpoint endpoint = on.open(ANY_PORT, new Recorder());
        InetSocketAddress taken = endpoint.localAddress();
        InetSocketAddress foreign = new InetSocketAddress(InetAddress.ofLiteral("198.51.100.1"), 0);

        assertThat(on.failure(taken, PortUse.ALONE)).isEqualTo(BindFailure.Kind.IN_USE);
        assertThat(on.failure(foreign, PortUse.ALONE)).isEqualTo(BindFailure.Kind.NOT_LOCAL);
        on.close(endpoint);
        assertThat(on.open(taken, new Recorder()).localAddress()).isEqualTo(taken);
    }

    @Test
    void buffersAreCountedInWhatWasAskedFor() {
        Networks.On on = networks.start(kind);
        int bytes = 64 << 10; // less than the limit of any system
        SocketBuffers asked = new SocketBuffers(bytes, bytes);

        DatagramEndpoint endpoint =
                on.open(new Spec(ANY_PORT, PortUse.ALONE, asked), new Recorder());

        assertThat(on.call(endpoint::buffers)).isEqualTo(asked);
    }

    @Test
    void loopsThatShareAPortDivideTheClientsAndKeepOutOtherServers() throws Exception {
        assumeTrue(kind.sharesPorts());
        Recorder one = new Recorder();
        Recorder two = new Recorder();
        InetSocketAddress shared =
                networks.start(kind).open(shared(ANY_PORT, true), one).localAddress();
        networks.start(kind).open(shared(shared, false), two);

        assertThat(networks.start(kind).failure(shared, PortUse.FIRST_OF_MANY))
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
        assumeTrue(kind.separatesFamilies());
        Recorder four = new Recorder();
        Recorder six = new Recorder();
        Networks.On on = networks.start(kind);
        InetAddress loopback6 = InetAddress.ofLiteral("::1");
        int port = openOnBothWildcards(on, four, six);

        try (DatagramSocket client4 = new DatagramSocket(ANY_PORT);
                DatagramSocket client6 = new DatagramSocket(new InetSocketAddress(loopback6, 0))) {
            client4.send(
                    new DatagramPacket(new byte[] {4}, 1, new InetSocketAddress(LOOPBACK, port)));
            client6.send(
                    new DatagramPacket(new byte[] {6}, 1, new InetSocketAddress(loopback6, port)));

            assertThat(four.take().from()).isEqualTo(client4.getLocalSocketAddress());
            assertThat(six.take().from()).isEqualTo(client6.getLocalSocketAddress());
        }
    }

    /// Ports are given out for one family; another program may have the same one of the other.
    private static int openOnBothWildcards(
            Networks.On on, DatagramHandler four, DatagramHandler six) {
        InetAddress any4 = InetAddress.ofLiteral("0.0.0.0");
        InetAddress any6 = InetAddress.ofLiteral("::");
        while (true) {
            DatagramEndpoint endpoint = on.open(new InetSocketAddress(any6, 0), six);
            int port = endpoint.localAddress().getPort();
            Spec same = Networks.alone(new InetSocketAddress(any4, port));
            if (on.attempt(same, four) instanceof Opened.Bound) {
                return port;
            }
            on.close(endpoint);
        }
    }

    private static Spec shared(InetSocketAddress address, boolean first) {
        PortUse use = first ? PortUse.FIRST_OF_MANY : PortUse.ONE_OF_MANY;
        return new Spec(address, use, SocketBuffers.SYSTEM_DEFAULT);
    }

    private static byte[] receive(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[1 << 16], 1 << 16);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }
}
