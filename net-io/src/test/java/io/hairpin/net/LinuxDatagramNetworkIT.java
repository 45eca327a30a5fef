package io.hairpin.net;

import static io.hairpin.net.Networks.ANY_PORT;
import static io.hairpin.net.Networks.LOOPBACK;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.net.DatagramNetwork.PortUse;
import io.hairpin.net.DatagramNetwork.Spec;
import io.hairpin.net.Recorder.Recorded;
import io.hairpin.stun.TransportAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// What is particular to the native sockets of Linux.
@Timeout(60)
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class LinuxDatagramNetworkIT {

    private static final SocketBuffers LARGE = new SocketBuffers(4 << 20, 4 << 20);

    private final Networks networks = new Networks();

    @AfterEach
    void close() {
        networks.close();
    }

    @Test
    void thisMachineHasIt() {
        assertThat(SocketKind.best()).isEqualTo(SocketKind.NATIVE);
    }

    @Test
    void aBurstTravelsAsOneAndArrivesAsItWasSent() throws Exception {
        AtomicInteger apart = new AtomicInteger();
        Recorder recorder =
                new Recorder() {
                    @Override
                    public void received(DatagramEndpoint on, Datagram datagram) {
                        if (datagram.prepend(0) != datagram.start()) {
                            apart.incrementAndGet(); // there was no room for a header in front
                        }
                        super.received(on, datagram);
                    }
                };
        Networks.On on = networks.start(SocketKind.NATIVE);
        InetSocketAddress peer = on.open(ANY_PORT, recorder).localAddress();
        DatagramEndpoint sender = on.open(ANY_PORT, new Recorder());
        int[] lengths = {1000, 1000, 1000, 900, 900, 901, 0, 0, 5, 1472, 1472, 1473, 1473};

        on.run(() -> sendAll(sender, lengths, peer));

        for (int i = 0; i < lengths.length; i++) {
            assertThat(recorder.take().bytes()).isEqualTo(ByteBuffer.wrap(payload(i, lengths[i])));
        }
        // Of three runs, of 4, 2 and 2, the first datagram has its room; the fourth of the first
        // run is shorter, and ends it.
        assertThat(apart).hasValue(3 + 0 + 1);
    }

    @Test
    void withoutOffloadEachTravelsAlone() throws Exception {
        Recorder recorder = new Recorder();
        Networks.On on =
                networks.start(
                        SocketKind.NATIVE, loop -> SocketKind.NATIVE.network(loop, Offload.OFF));
        InetSocketAddress peer = on.open(ANY_PORT, recorder).localAddress();
        DatagramEndpoint sender = on.open(ANY_PORT, new Recorder());
        int[] lengths = {1000, 1000, 1000, 900};

        on.run(() -> sendAll(sender, lengths, peer));

        for (int i = 0; i < lengths.length; i++) {
            assertThat(recorder.take().bytes()).isEqualTo(ByteBuffer.wrap(payload(i, lengths[i])));
        }
    }

    @Test
    void aReceiverWithoutOffloadIsSpared() throws Exception {
        Networks.On on = networks.start(SocketKind.NATIVE);
        DatagramEndpoint sender = on.open(ANY_PORT, new Recorder());
        try (DatagramSocket receiver = new DatagramSocket(ANY_PORT)) {
            InetSocketAddress peer = (InetSocketAddress) receiver.getLocalSocketAddress();
            int[] lengths = {700, 700, 700, 100};

            on.run(() -> sendAll(sender, lengths, peer));

            for (int i = 0; i < lengths.length; i++) {
                assertThat(receive(receiver)).isEqualTo(payload(i, lengths[i]));
            }
        }
    }

    @Test
    void headersGoOffAndOnInTheMiddleOfABurst() throws Exception {
        Recorder recorder = new Recorder();
        DatagramHandler relay =
                new Recorder() {
                    @Override
                    public void received(DatagramEndpoint on, Datagram datagram) {
                        datagram.narrow(datagram.start() + 4, datagram.length() - 4);
                        int header = datagram.prepend(8);
                        datagram.bytes().putLong(header, 0x0123456789ABCDEFL);
                        datagram.pad(2);
                        Networks.answer(on, datagram);
                    }
                };
        Networks.On on = networks.start(SocketKind.NATIVE);
        Spec spec = new Spec(ANY_PORT, PortUse.ALONE, LARGE);
        InetSocketAddress peer = on.open(spec, relay).localAddress();
        DatagramEndpoint sender = on.open(spec, recorder);
        int count = PacketArena.MAX_GATHERED; // uses up the headers
        int[] lengths = new int[count];
        Arrays.fill(lengths, 104);
        for (int round = 0; round < 3; round++) {
            on.run(() -> sendAll(sender, lengths, peer));

            for (int i = 0; i < count; i++) {
                ByteBuffer expected = ByteBuffer.allocate(8 + 100 + 2).putLong(0x0123456789ABCDEFL);
                expected.put(payload(i, 104), 4, 100);
                assertThat(recorder.take().bytes()).isEqualTo(expected.clear());
            }
        }
    }

    @Test
    void moreThanThereAreSlotsInOneTurnComesBackInOrder() throws Exception {
        Networks.On on = networks.start(SocketKind.NATIVE);
        Spec spec = new Spec(ANY_PORT, PortUse.ALONE, LARGE);
        int sockets = 3;
        List<InetSocketAddress> peers = new ArrayList<>();
        for (int i = 0; i < sockets; i++) {
            peers.add(on.open(spec, echo()).localAddress());
        }
        try (DatagramSocket client = new DatagramSocket(ANY_PORT)) {
            client.setReceiveBufferSize(LARGE.receiveBytes());
            int count = PacketArena.SLOTS;
            on.run(
                    () -> { // while the loop is busy here, all of them arrive
                        for (int i = 0; i < sockets * count; i++) {
                            send(client, payload(i, 50 + i % 7), peers.get(i / count));
                        }
                    });

            int[] next = {0, count, 2 * count};
            for (int i = 0; i < sockets * count; i++) {
                byte[] answer = receive(client);
                int number = Integer.parseInt(new String(answer, UTF_8).split(" ", 3)[1]);
                assertThat(number).isEqualTo(next[number / count]++);
                assertThat(answer).isEqualTo(payload(number, 50 + number % 7));
            }
        }
    }

    @Test
    void whatTheKernelDroppedIsCounted() throws Exception {
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(SocketKind.NATIVE);
        Spec small = new Spec(ANY_PORT, PortUse.ALONE, new SocketBuffers(4096, 0));
        InetSocketAddress peer = on.open(small, recorder).localAddress();
        try (DatagramSocket client = new DatagramSocket(ANY_PORT)) {
            int rounds = 2;
            int flood = 200;
            for (int round = 0; round < rounds; round++) {
                on.run(
                        () -> {
                            for (int i = 0; i < flood; i++) {
                                send(client, new byte[500], peer);
                            }
                        });
                awaitEmpty(recorder, client, peer); // which brings the count along
            }

            assertThat(recorder.overrun.get()).isBetween(1L, (long) rounds * flood);
        }
    }

    @Test
    void aRunThatTheKernelRefusesLeavesOneByOne() throws Exception {
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(SocketKind.NATIVE);
        LinuxDatagramEndpoint sender = (LinuxDatagramEndpoint) on.open(ANY_PORT, recorder);
        int soNoCheck = 11; // datagrams without checksums cannot be cut apart
        sender.socket().setIntOpt(LinuxAbi.SOL_SOCKET, soNoCheck, 1);
        try (DatagramSocket receiver = new DatagramSocket(ANY_PORT)) {
            InetSocketAddress peer = (InetSocketAddress) receiver.getLocalSocketAddress();
            int[] lengths = {3, 700, 700, 700, 100, 5, 300, 300, 4};

            for (int turn = 0; turn < 3; turn++) {
                on.run(() -> sendAll(sender, lengths, peer));
                for (int i = 0; i < lengths.length; i++) {
                    assertThat(receive(receiver)).isEqualTo(payload(i, lengths[i]));
                }
            }
            assertThat(recorder.unsent).hasValue(0);
        }
    }

    @Test
    void aRunThatCannotBeSentAtAllIsCounted() {
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(SocketKind.NATIVE);
        DatagramEndpoint sender = on.open(ANY_PORT, recorder);

        InetSocketAddress nowhere = new InetSocketAddress(LOOPBACK, 0);

        on.runTurn(() -> sendAll(sender, new int[] {9, 9, 9, 8}, nowhere));

        assertThat(recorder.unsent).hasValue(4);
    }

    @Test
    void closingSendsWhatWaitsAndEndsReceiving() throws Exception {
        Recorder once =
                new Recorder() {
                    @Override
                    public void received(DatagramEndpoint on, Datagram datagram) {
                        super.received(on, datagram);
                        Networks.answer(on, datagram);
                        on.close();
                        Networks.answer(on, datagram);
                    }
                };
        Networks.On on = networks.start(SocketKind.NATIVE);
        InetSocketAddress peer = on.open(ANY_PORT, once).localAddress();
        try (DatagramSocket client = new DatagramSocket(ANY_PORT)) {
            on.run(
                    () -> {
                        for (int i = 0; i < 10; i++) {
                            send(client, new byte[] {(byte) i}, peer);
                        }
                    });

            assertThat(receive(client)).containsExactly(0);
            waitForTheTurnThatAnswered(on);
            assertThat(once.received).hasSize(1);
            assertThat(once.unsent).hasValue(1);
        }
    }

    /// An answer reaches its client before the handler that gave it has come to its end.
    private static void waitForTheTurnThatAnswered(Networks.On on) {
        on.run(() -> {});
    }

    @Test
    void aMistakeInWhoeverIsToldOfLossesDoesNoHarm() throws Exception {
        Recorder faulty =
                new Recorder() {
                    @Override
                    public void unsent(int datagrams) {
                        throw new IllegalStateException("a mistake");
                    }
                };
        Networks.On on = networks.start(SocketKind.NATIVE);
        DatagramEndpoint one = on.open(ANY_PORT, faulty);
        DatagramEndpoint other = on.open(ANY_PORT, new Recorder());
        try (DatagramSocket receiver = new DatagramSocket(ANY_PORT)) {
            InetSocketAddress peer = (InetSocketAddress) receiver.getLocalSocketAddress();
            on.run(
                    () -> {
                        Networks.send(one, new byte[1], new InetSocketAddress(LOOPBACK, 0));
                        Networks.send(other, new byte[] {7}, peer);
                    });

            assertThat(receive(receiver)).containsExactly(7);
            assertThat(faulty.failures.take()).hasMessage("a mistake");
        }
    }

    @Test
    void foreignDatagramsOfAnyLengthAreCopied() throws Exception {
        Networks.On on = networks.start(SocketKind.NATIVE);
        DatagramEndpoint sender = on.open(new Spec(ANY_PORT, PortUse.ALONE, LARGE), new Recorder());
        try (DatagramSocket receiver = new DatagramSocket(ANY_PORT)) {
            receiver.setReceiveBufferSize(LARGE.receiveBytes());
            InetSocketAddress peer = (InetSocketAddress) receiver.getLocalSocketAddress();
            TransportAddress to = TransportAddress.of(peer);
            int count = 10; // more than there is room for copies
            on.run(
                    () -> {
                        ByteBuffer bytes = ByteBuffer.allocateDirect(60_001);
                        Datagram datagram = new Datagram();
                        for (int i = 0; i < count; i++) {
                            bytes.put(0, payload(i, 60_001));
                            bytes.position(60_001 - 50_000 - i);
                            datagram.wrap(bytes);
                            datagram.pad(1);
                            sender.send(datagram, to.high(), to.low(), to.port());
                        }
                    });

            for (int i = 0; i < count; i++) {
                int length = 50_000 + i;
                byte[] expected = new byte[length + 1];
                System.arraycopy(payload(i, 60_001), 60_001 - length, expected, 0, length);
                assertThat(receive(receiver)).isEqualTo(expected);
            }
        }
    }

    /// Sends empty datagrams until one arrives.
    private static void awaitEmpty(Recorder recorder, DatagramSocket client, InetSocketAddress to)
            throws Exception {
        for (Recorded next = null; next == null || next.bytes().hasRemaining(); ) {
            send(client, new byte[0], to);
            next = recorder.received.poll(10, TimeUnit.MILLISECONDS);
        }
    }

    private static DatagramHandler echo() {
        return new Recorder() {
            @Override
            public void received(DatagramEndpoint on, Datagram datagram) {
                Networks.answer(on, datagram);
            }
        };
    }

    private static void sendAll(DatagramEndpoint from, int[] lengths, InetSocketAddress to) {
        for (int i = 0; i < lengths.length; i++) {
            Networks.send(from, payload(i, lengths[i]), to);
        }
    }

    /// So many bytes that tell where they belong.
    private static byte[] payload(int number, int length) {
        byte[] header = ("datagram " + number + " ").getBytes(UTF_8);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = i < header.length ? header[i] : (byte) (i + number);
        }
        return bytes;
    }

    private static void send(DatagramSocket from, byte[] bytes, InetSocketAddress to) {
        try {
            from.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] receive(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[1 << 16], 1 << 16);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }
}
