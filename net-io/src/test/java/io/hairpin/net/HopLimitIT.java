package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.net.DatagramNetwork.PortUse;
import io.hairpin.net.DatagramNetwork.Spec;
import io.hairpin.net.Recorder.Recorded;
import io.hairpin.stun.TransportAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Hop limits on the native sockets: each datagram has its own, beside its DSCP and ECN.
@Timeout(60)
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class HopLimitIT {

    private static final PathSignals EVERYTHING = new PathSignals(true, true, true);

    /// What Linux gives where nothing is asked for.
    private static final int OF_THE_SYSTEM = 64;

    private static final int LENGTH = 100;

    /// Traffic class and hop limit. Equal ones travel as one, others must not join them.
    private static final int[][] FIELDS = {
        {0, 0},
        {0, 0},
        {0, 64},
        {0, 7},
        {0, 7},
        {0, 7},
        {0xB8, 7},
        {0xB8, 7},
        {0xB8, 0},
        {0, 1},
        {0, 255},
        {0xFF, 255},
        {0xFF, 255},
        {0x03, 2},
        {0, 0}
    };

    private final Networks networks = new Networks();

    @AfterEach
    void close() {
        networks.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0", "::"})
    void eachDatagramArrivesWithWhatItWasSentWith(String host) throws Exception {
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(SocketKind.NATIVE);
        DatagramEndpoint receiver = on.open(spec(host, EVERYTHING), recorder);
        InetAddress target = target(host);
        TransportAddress to = to(target, receiver);
        DatagramEndpoint sender = on.open(new InetSocketAddress(target, 0), new Recorder());

        on.runTurn(
                () -> {
                    for (int i = 0; i < FIELDS.length; i++) {
                        Datagram datagram = numbered(i);
                        datagram.trafficClass(FIELDS[i][0]);
                        datagram.hopLimit(FIELDS[i][1]);
                        sender.send(datagram, to.high(), to.low(), to.port());
                    }
                });

        for (int i = 0; i < FIELDS.length; i++) {
            Recorded arrived = recorder.take();
            assertThat(arrived.bytes().remaining()).isEqualTo(LENGTH);
            assertThat(arrived.bytes().get(0)).isEqualTo((byte) i);
            assertThat(arrived.trafficClass()).isEqualTo(FIELDS[i][0]);
            assertThat(arrived.hopLimit())
                    .isEqualTo(FIELDS[i][1] == 0 ? OF_THE_SYSTEM : FIELDS[i][1]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0", "::"})
    void whatIsPassedOnHasAHopLess(String host) throws Exception {
        DatagramHandler router =
                new Recorder() {
                    @Override
                    public void received(DatagramEndpoint on, Datagram datagram) {
                        if (datagram.countDown()) {
                            Networks.answer(on, datagram);
                        }
                    }
                };
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(SocketKind.NATIVE);
        InetAddress target = target(host);
        TransportAddress to = to(target, on.open(spec(host, EVERYTHING), router));
        DatagramEndpoint client = on.open(spec(target.getHostAddress(), EVERYTHING), recorder);

        for (int hops : new int[] {255, 1, 2, 64}) {
            on.runTurn(
                    () -> {
                        Datagram datagram = numbered(hops);
                        datagram.trafficClass(0xB8);
                        datagram.hopLimit(hops);
                        client.send(datagram, to.high(), to.low(), to.port());
                    });
        }

        for (int hops : new int[] {255, 2, 64}) {
            Recorded back = recorder.take();
            assertThat(back.bytes().get(0)).isEqualTo((byte) hops);
            assertThat(back.hopLimit()).isEqualTo(hops - 1);
            assertThat(back.trafficClass()).isEqualTo(0xB8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0", "::"})
    void socketsThatAreNotAskedDoNotTell(String host) throws Exception {
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(SocketKind.NATIVE);
        InetAddress target = target(host);
        PathSignals others = new PathSignals(true, true, false);
        TransportAddress to = to(target, on.open(spec(host, others), recorder));
        DatagramEndpoint sender = on.open(new InetSocketAddress(target, 0), new Recorder());

        on.runTurn(() -> sender.send(numbered(0), to.high(), to.low(), to.port()));

        assertThat(recorder.take().hopLimit()).isZero();
    }

    private static Spec spec(String host, PathSignals signals) {
        return new Spec(
                new InetSocketAddress(InetAddress.ofLiteral(host), 0),
                PortUse.ALONE,
                SocketBuffers.SYSTEM_DEFAULT,
                signals);
    }

    /// An address by which a socket on that one can be reached.
    private static InetAddress target(String host) {
        return InetAddress.ofLiteral(
                host.contains(":") ? "::1" : Networks.LOOPBACK.getHostAddress());
    }

    private static TransportAddress to(InetAddress target, DatagramEndpoint endpoint) {
        return TransportAddress.of(
                new InetSocketAddress(target, endpoint.localAddress().getPort()));
    }

    private static Datagram numbered(int number) {
        byte[] bytes = ByteBuffer.allocate(LENGTH).put((byte) number).array();
        return Networks.datagram(bytes);
    }
}
