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

/// DSCP and ECN on the native sockets: each datagram has its own.
@Timeout(60)
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class TrafficClassIT {

    private static final PathSignals TELLING = new PathSignals(false, true, false);

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
        InetAddress bound = InetAddress.ofLiteral(host);
        DatagramEndpoint receiver = on.open(telling(new InetSocketAddress(bound, 0)), recorder);
        InetAddress target =
                InetAddress.ofLiteral(
                        host.contains(":") ? "::1" : Networks.LOOPBACK.getHostAddress());
        TransportAddress to =
                TransportAddress.of(
                        new InetSocketAddress(target, receiver.localAddress().getPort()));
        DatagramEndpoint sender = on.open(new InetSocketAddress(target, 0), new Recorder());
        // Equal ones travel as one, others must not join them.
        int[] classes = {0, 0, 0xB8, 0xB8, 0xB8, 0xB9, 0xBA, 0x03, 0, 0xFF, 0xFF, 1};

        on.runTurn(
                () -> {
                    for (int trafficClass : classes) {
                        Datagram datagram = Networks.datagram(new byte[100]);
                        datagram.trafficClass(trafficClass);
                        sender.send(datagram, to.high(), to.low(), to.port());
                    }
                });

        for (int trafficClass : classes) {
            assertThat(recorder.take().trafficClass()).isEqualTo(trafficClass);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0", "::"})
    void whatIsSentBackKeepsIt(String host) throws Exception {
        DatagramHandler echo =
                new Recorder() {
                    @Override
                    public void received(DatagramEndpoint on, Datagram datagram) {
                        Networks.answer(on, datagram);
                    }
                };
        Recorder recorder = new Recorder();
        Networks.On on = networks.start(SocketKind.NATIVE);
        InetAddress bound = InetAddress.ofLiteral(host);
        int port = on.open(telling(new InetSocketAddress(bound, 0)), echo).localAddress().getPort();
        InetAddress target =
                InetAddress.ofLiteral(
                        host.contains(":") ? "::1" : Networks.LOOPBACK.getHostAddress());
        TransportAddress to = TransportAddress.of(new InetSocketAddress(target, port));
        DatagramEndpoint client = on.open(telling(new InetSocketAddress(target, 0)), recorder);

        for (int trafficClass : new int[] {0x2E << 2 | 1, 0, 0x03}) {
            on.runTurn(
                    () -> {
                        Datagram datagram = Networks.datagram(new byte[] {1});
                        datagram.trafficClass(trafficClass);
                        client.send(datagram, to.high(), to.low(), to.port());
                    });
            Recorded back = recorder.take();
            assertThat(back.trafficClass()).isEqualTo(trafficClass);
        }
    }

    private static Spec telling(InetSocketAddress address) {
        return new Spec(address, PortUse.ALONE, SocketBuffers.SYSTEM_DEFAULT, TELLING);
    }
}
