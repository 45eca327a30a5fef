package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hairpin.stun.TransportAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Sockets on all addresses of this machine answer from the one they were asked at.
@Timeout(30)
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class WildcardIT {

    private final Networks networks = new Networks();

    @AfterEach
    void close() {
        networks.close();
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 127.0.0.1", "0.0.0.0, 127.0.0.2", "::, ::1"})
    void anAnswerComesFromTheAddressThatWasAsked(String wildcard, String asked) throws Exception {
        BlockingQueue<InetAddress> local = new LinkedBlockingQueue<>();
        int port = openEcho(InetAddress.ofLiteral(wildcard), local);
        InetAddress address = InetAddress.ofLiteral(asked);

        assertThat(askAt(new InetSocketAddress(address, port), 1)).containsExactly(1);
        assertThat(local.take()).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 127.0.0.2", "::, ::1"})
    void aBurstOfAnswersDoesToo(String wildcard, String asked) throws Exception {
        int port = openEcho(InetAddress.ofLiteral(wildcard), new LinkedBlockingQueue<>());

        byte[] answers = askAt(new InetSocketAddress(InetAddress.ofLiteral(asked), port), 20);

        assertThat(answers).hasSize(20);
    }

    @Test
    void linkLocalAddressesKeepTheirScope() throws Exception {
        Optional<InetAddress> linkLocal =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(address -> address instanceof Inet6Address)
                        .filter(InetAddress::isLinkLocalAddress)
                        .findAny();
        assumeTrue(linkLocal.isPresent(), "no interface has a link-local address");
        BlockingQueue<InetAddress> local = new LinkedBlockingQueue<>();
        int port = openEcho(InetAddress.ofLiteral("::"), local);

        assertThat(askAt(new InetSocketAddress(linkLocal.get(), port), 2)).containsExactly(1, 2);
        assertThat(((Inet6Address) local.take()).getScopeId())
                .isEqualTo(((Inet6Address) linkLocal.get()).getScopeId());
    }

    @Test
    void aSocketOnOneAddressIsNotToldWhichAndKeepsToIt() throws Exception {
        BlockingQueue<InetAddress> local = new LinkedBlockingQueue<>();
        InetAddress bound = InetAddress.ofLiteral("127.0.0.3");
        DatagramHandler echo =
                new Recorder() {
                    @Override
                    public void received(DatagramEndpoint on, Datagram datagram) {
                        local.add(local(datagram));
                        datagram.local(0, TransportAddress.lowOfIpv4(0x7F000001));
                        Networks.answer(on, datagram);
                    }
                };
        InetSocketAddress address =
                networks.start(SocketKind.NATIVE)
                        .open(new InetSocketAddress(bound, 0), echo)
                        .localAddress();

        assertThat(askAt(address, 1)).containsExactly(1);
        assertThat(local.take().isAnyLocalAddress()).isTrue();
    }

    private int openEcho(InetAddress address, BlockingQueue<InetAddress> local) {
        DatagramHandler echo =
                new Recorder() {
                    @Override
                    public void received(DatagramEndpoint on, Datagram datagram) {
                        local.add(local(datagram));
                        Networks.answer(on, datagram);
                    }
                };
        return networks.start(SocketKind.NATIVE)
                .open(new InetSocketAddress(address, 0), echo)
                .localAddress()
                .getPort();
    }

    private static InetAddress local(Datagram datagram) {
        return TransportAddress.inetAddress(datagram.localHigh(), datagram.localLow());
    }

    /// Sends datagrams of one byte each, and returns the bytes of the answers. A connected socket
    /// takes none from elsewhere.
    private static byte[] askAt(InetSocketAddress server, int count) throws Exception {
        try (DatagramSocket client = new DatagramSocket()) {
            client.connect(server);
            for (int i = 1; i <= count; i++) {
                client.send(new DatagramPacket(new byte[] {(byte) i}, 1));
            }
            byte[] answers = new byte[count];
            DatagramPacket packet = new DatagramPacket(new byte[10], 10);
            for (int i = 0; i < count; i++) {
                client.receive(packet);
                answers[i] = packet.getData()[0];
            }
            return answers;
        }
    }
}
