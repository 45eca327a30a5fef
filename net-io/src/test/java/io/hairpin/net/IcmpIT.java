package io.hairpin.net;

import static io.hairpin.net.Networks.ANY_PORT;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.net.DatagramNetwork.PortUse;
import io.hairpin.net.DatagramNetwork.Spec;
import io.hairpin.stun.IcmpError;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/// What becomes of ICMP errors on the native sockets.
@Timeout(60)
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class IcmpIT {

    private static final PathSignals ICMP = new PathSignals(true, true, true);

    private final Networks networks = new Networks();

    @AfterEach
    void close() {
        networks.close();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 3, 3", "::1, 1, 4"})
    void aClosedPortIsToldWithItsAddress(String host, int type, int code) throws Exception {
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(SocketKind.NATIVE);
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral(host), 0);
        DatagramEndpoint endpoint = on.open(telling(any), recorder);
        InetSocketAddress closed = networks.closedPort(any.getAddress());

        on.runTurn(() -> Networks.send(endpoint, new byte[1], closed));

        assertThat(recorder.icmp.take())
                .isEqualTo(new Recorder.Met(closed, new IcmpError(type, code, 0)));
    }

    @Test
    void datagramsToOthersAreNotLostByThem() throws Exception {
        int rounds = 200;
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(SocketKind.NATIVE);
        DatagramEndpoint endpoint = on.open(telling(ANY_PORT), recorder);
        InetSocketAddress closed = networks.closedPort(Networks.LOOPBACK);
        try (DatagramSocket receiver = new DatagramSocket(ANY_PORT)) {
            InetSocketAddress open = (InetSocketAddress) receiver.getLocalSocketAddress();
            for (int i = 0; i < rounds; i++) {
                on.runTurn(
                        () -> {
                            Networks.send(endpoint, new byte[] {1}, closed);
                            Networks.send(endpoint, new byte[] {2}, open);
                            Networks.send(endpoint, new byte[] {3}, open);
                            Networks.send(endpoint, new byte[] {4}, closed);
                        });
                assertThat(receive(receiver)).isEqualTo((byte) 2);
                assertThat(receive(receiver)).isEqualTo((byte) 3);
            }
        }
        assertThat(recorder.unsent).hasValue(0);
    }

    @Test
    void datagramsThatArriveAreNotLostByThem() throws Exception {
        int rounds = 200;
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(SocketKind.NATIVE);
        DatagramEndpoint endpoint = on.open(telling(ANY_PORT), recorder);
        InetSocketAddress closed = networks.closedPort(Networks.LOOPBACK);
        try (DatagramSocket sender = new DatagramSocket(ANY_PORT)) {
            for (int i = 0; i < rounds; i++) {
                on.runTurn(() -> Networks.send(endpoint, new byte[1], closed));
                sender.send(new DatagramPacket(new byte[] {5}, 1, endpoint.localAddress()));
                assertThat(recorder.take().bytes().get()).isEqualTo((byte) 5);
            }
        }
    }

    @Test
    void aSocketThatWasNotAskedTellsNothing() throws Exception {
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(SocketKind.NATIVE);
        DatagramEndpoint endpoint = on.open(ANY_PORT, recorder);
        InetSocketAddress closed = networks.closedPort(Networks.LOOPBACK);
        try (DatagramSocket sender = new DatagramSocket(ANY_PORT)) {
            on.runTurn(() -> Networks.send(endpoint, new byte[1], closed));
            sender.send(new DatagramPacket(new byte[1], 1, endpoint.localAddress()));

            recorder.take();
            assertThat(recorder.icmp).isEmpty();
        }
    }

    @Test
    void manyErrorsLeaveTheOtherSocketsTheirTurn() throws Exception {
        int errors = 20 * ErrorQueue.MAX_ERRORS;
        Networks.On on = networks.start(SocketKind.NATIVE);
        Map<Integer, Integer> byTurn = new HashMap<>();
        Recorder recorder =
                new Recorder() {
                    @Override
                    public void icmp(InetSocketAddress destination, IcmpError error) {
                        byTurn.merge(on.loop().outbox().turn(), 1, Integer::sum);
                        super.icmp(destination, error);
                    }
                };
        Spec roomy = new Spec(ANY_PORT, PortUse.ALONE, new SocketBuffers(4 << 20, 0), ICMP);
        DatagramEndpoint endpoint = on.open(roomy, recorder);
        InetSocketAddress closed = networks.closedPort(Networks.LOOPBACK);

        on.runTurn(
                () -> {
                    for (int i = 0; i < errors; i++) {
                        Networks.send(endpoint, new byte[1], closed);
                    }
                });
        int told = 0;
        for (Recorder.Met met = recorder.icmp.take(); met != null; met = recorder.icmp.poll()) {
            told++;
            on.run(() -> {}); // what is left waits no longer than this
        }

        assertThat(told).isPositive();
        assertThat(on.call(() -> Map.copyOf(byTurn).values()))
                .allSatisfy(count -> assertThat(count).isBetween(1, ErrorQueue.MAX_ERRORS));
    }

    @Test
    void aMistakeInAHandlerIsToldAndDoesNoHarm() throws Exception {
        Recorder faulty =
                new Recorder() {
                    @Override
                    public void icmp(InetSocketAddress destination, IcmpError error) {
                        throw new IllegalStateException("a mistake");
                    }
                };
        Networks.On on = networks.start(SocketKind.NATIVE);
        DatagramEndpoint endpoint = on.open(telling(ANY_PORT), faulty);
        InetSocketAddress closed = networks.closedPort(Networks.LOOPBACK);

        on.runTurn(() -> Networks.send(endpoint, new byte[1], closed));

        assertThat(faulty.failures.take()).hasMessage("a mistake");
    }

    @Test
    void aSocketThatItsHandlerClosesHearsNoMore() throws Exception {
        Networks.On on = networks.start(SocketKind.NATIVE);
        DatagramEndpoint[] endpoint = new DatagramEndpoint[1];
        Recorder closing =
                new Recorder() {
                    @Override
                    public void icmp(InetSocketAddress destination, IcmpError error) {
                        super.icmp(destination, error);
                        endpoint[0].close();
                    }
                };
        endpoint[0] = on.open(telling(ANY_PORT), closing);
        InetSocketAddress closed = networks.closedPort(Networks.LOOPBACK);

        on.runTurn(
                () -> {
                    Networks.send(endpoint[0], new byte[1], closed);
                    Networks.send(endpoint[0], new byte[1], closed);
                });

        closing.icmp.take();
        on.run(() -> {});
        assertThat(closing.icmp).isEmpty();
        assertThat(closing.failures).isEmpty();
    }

    private static Spec telling(InetSocketAddress address) {
        return new Spec(address, PortUse.ALONE, SocketBuffers.SYSTEM_DEFAULT, ICMP);
    }

    private static byte receive(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[1], 1);
        socket.receive(packet);
        return packet.getData()[0];
    }
}
