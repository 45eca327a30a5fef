package io.hairpin.server;

import static io.hairpin.server.OnePortIT.assertRefused;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Transport;
import io.hairpin.server.transport.TestCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/// Clients that come by way of a proxy which says who they are.
class ProxyProtocolIT {

    private static final InetSocketAddress CLIENT =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5000);
    private static final InetSocketAddress CLIENT_6 =
            new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 5000);

    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

    private static List<byte[]> headersForClient() {
        return List.of(
                v1("PROXY TCP4 192.0.2.1 198.51.100.7 5000 443"),
                v2(0x21, 0x11, ipv4(), new byte[0]),
                v2(0x21, 0x11, ipv4(), HexFormat.of().parseHex("040003aabbcc01000568322c6834")));
    }

    @ParameterizedTest
    @MethodSource("headersForClient")
    void aClientIsSeenAtTheAddressThatItsProxyNames(byte[] header) throws Exception {
        try (TurnServer server = OnePort.plain().trusting("127.0.0.0/8").start();
                Socket plain = proxied(server, header);
                Socket encrypted = proxied(server, header)) {
            assertThat(new RawTcpClient(plain).mappedAddress()).isEqualTo(CLIENT);
            assertThat(new RawTcpClient(TestCertificate.over(encrypted)).mappedAddress())
                    .isEqualTo(CLIENT);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void itAllocatesOverTlsBehindAProxy(SocketKind kind) throws Exception {
        try (TurnServer server = OnePort.plain().trusting("127.0.0.1/32").on(kind).start();
                TestPeer peer = TestPeer.open(IPV4);
                Socket connection = proxied(server, v2(0x21, 0x11, ipv4(), new byte[0]))) {
            RawTcpClient client = new RawTcpClient(TestCertificate.over(connection));
            InetSocketAddress relayed = client.allocate();
            client.channelBind(0x4000, peer.address());

            peer.send(new byte[] {1, 2, 3}, relayed);

            assertThat(client.readFrame()).containsExactly(0x40, 0, 0, 3, 1, 2, 3, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP6 2001:db8::1 2001:db8::2 5000 443",
                "PROXY TCP6 2001:DB8:0:0:0:0:0:1 2001:db8::2 5000 443"
            })
    void aClientOfTheOtherFamilyThanItsProxyIsServed(String header) throws Exception {
        try (TurnServer server = OnePort.plain().trusting("127.0.0.1/32").start();
                Socket connection = proxied(server, v1(header))) {
            assertThat(new RawTcpClient(connection).mappedAddress()).isEqualTo(CLIENT_6);
        }
    }

    private static List<byte[]> headersForNobody() {
        return List.of(
                v1("PROXY UNKNOWN"),
                v1("PROXY UNKNOWN 192.0.2.1 198.51.100.7 5000 443"),
                v2(0x20, 0x00, new byte[0], new byte[0]),
                v2(0x20, 0x11, ipv4(), new byte[0]),
                v2(0x21, 0x00, new byte[0], new byte[0]),
                v2(0x21, 0x31, new byte[216], new byte[0]));
    }

    @ParameterizedTest
    @MethodSource("headersForNobody")
    void whereTheProxyNamesNobodyTheConnectionIsWhatCounts(byte[] header) throws Exception {
        try (TurnServer server = OnePort.plain().trusting("127.0.0.0/8").start();
                Socket connection = proxied(server, header)) {
            assertThat(new RawTcpClient(connection).mappedAddress())
                    .isEqualTo(connection.getLocalSocketAddress());
        }
    }

    @Test
    void theHeaderIsNotRequired() throws Exception {
        try (TurnServer server = OnePort.plain().trusting("127.0.0.0/8").start();
                Socket connection = RawTcpClient.connect(OnePortIT.address(server))) {
            assertThat(new RawTcpClient(connection).mappedAddress())
                    .isEqualTo(connection.getLocalSocketAddress());
        }
    }

    private static List<byte[]> malformed() {
        return List.of(
                v1("PROXY TCP4 192.0.2.1 198.51.100.7 5000"),
                v1("PROXY TCP4 192.0.2.256 198.51.100.7 5000 443"),
                v1("PROXY TCP6 fe80::1%nowhere 2001:db8::2 5000 443"),
                v1("PROXY TCP4 192.0.2.1 198.51.100.7 5000 99999"),
                v1("PROXY " + "x".repeat(200)),
                v2(0x21, 0x12, ipv4(), new byte[0]), // UDP
                v2(0x23, 0x11, ipv4(), new byte[0]),
                v2(0x31, 0x11, ipv4(), new byte[0]),
                v2(0x21, 0x11, new byte[4], new byte[0]),
                v2(0x21, 0x11, ipv4(), new byte[60_000]),
                two(v1("PROXY UNKNOWN"), v1("PROXY TCP4 192.0.2.1 198.51.100.7 5000 443")));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aHeaderThatMakesNoSenseEndsTheConnection(byte[] header) throws Exception {
        try (TurnServer server = OnePort.plain().trusting("127.0.0.0/8").start();
                Socket connection = proxied(server, header)) {
            assertThat(new RawTcpClient(connection).isClosedByServer()).isTrue();
            assertRefused(server, "malformed_proxy_header");
        }
    }

    @Test
    void aHeaderWithinTlsIsNotBelieved() throws Exception {
        try (TurnServer server = OnePort.plain().trusting("127.0.0.0/8").start();
                RawTcpClient client = OnePortIT.tls(server)) {
            client.write(v1("PROXY TCP4 192.0.2.1 198.51.100.7 5000 443"));

            assertThat(client.isClosedByServer()).isTrue();
            assertRefused(server, "malformed_proxy_header");
        }
    }

    @Test
    void aHeaderFromOutsideTheRangesEndsTheConnection() throws Exception {
        try (TurnServer server = OnePort.plain().trusting("10.0.0.0/8", "::1/128").start();
                Socket connection = proxied(server, v2(0x21, 0x11, ipv4(), new byte[0]))) {
            assertThat(new RawTcpClient(connection).isClosedByServer()).isTrue();
            assertRefused(server, "untrusted_proxy");
        }
    }

    @Test
    void headersCutIntoSingleBytesAreUnderstood() throws Exception {
        try (TurnServer server = OnePort.plain().trusting("::1/128").start()) {
            for (byte[] header : headersForClient()) {
                try (Socket connection =
                        RawTcpClient.connect(Clients.address(server, Transport.TCP, IPV6))) {
                    connection.setTcpNoDelay(true);
                    for (byte each : header) {
                        connection.getOutputStream().write(each);
                    }
                    assertThat(new RawTcpClient(connection).mappedAddress()).isEqualTo(CLIENT);
                }
            }
        }
    }

    /// A proxy may hold on to connections of clients that are gone. One that comes back from the
    /// same port is another client.
    @Test
    void aClientThatComesBackReplacesItself() throws Exception {
        byte[] header = v1("PROXY TCP4 192.0.2.1 198.51.100.7 5000 443");
        try (TurnServer server =
                        OnePort.plain()
                                .rest(TestConfiguration.loopback().threads(1))
                                .trusting("127.0.0.0/8")
                                .start();
                Socket before = proxied(server, header);
                Socket after = proxied(server, header)) {
            RawTcpClient former = new RawTcpClient(before);
            former.allocate();

            RawTcpClient client = new RawTcpClient(after);
            client.allocate();

            assertThat(former.isClosedByServer()).isTrue();
            assertThat(Metrics.sum(server, "hairpin_allocations_active")).isEqualTo(1);
            assertThat(client.mappedAddress()).isEqualTo(CLIENT);
        }
    }

    /// NATs use a port again for whoever comes from there to another address.
    @Test
    void clientsWithOnePortAreToldApartByWhereTheyCameTo() throws Exception {
        try (TurnServer server =
                        OnePort.plain()
                                .rest(TestConfiguration.loopback().threads(1))
                                .trusting("127.0.0.0/8")
                                .start();
                Socket one = proxied(server, v1("PROXY TCP4 192.0.2.1 198.51.100.7 5000 443"));
                Socket other = proxied(server, v1("PROXY TCP4 192.0.2.1 198.51.100.7 5000 3478"))) {
            RawTcpClient first = new RawTcpClient(one);
            first.allocate();

            new RawTcpClient(other).allocate();

            assertThat(first.mappedAddress()).isEqualTo(CLIENT);
            assertThat(Metrics.sum(server, "hairpin_allocations_active")).isEqualTo(2);
        }
    }

    @Test
    void anyHeaderIsUnderstoodOrRefused() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        try (TurnServer server = OnePort.plain().trusting("127.0.0.0/8").start()) {
            for (int i = 0; i < 200; i++) {
                byte[] noise = new byte[random.nextInt(80)];
                random.nextBytes(noise);
                byte[] header =
                        random.nextBoolean()
                                ? v2(
                                        0x20 | random.nextInt(3),
                                        random.nextInt(256),
                                        noise,
                                        new byte[0])
                                : two("PROXY TCP4 ".getBytes(StandardCharsets.US_ASCII), noise);
                try (Socket connection = RawTcpClient.connect(OnePortIT.address(server))) {
                    connection.getOutputStream().write(header);
                }
            }
            try (RawTcpClient client = new RawTcpClient(OnePortIT.address(server))) {
                client.mappedAddress();
            }
        }
    }

    private static Socket proxied(TurnServer server, byte[] header) throws IOException {
        Socket connection = RawTcpClient.connect(OnePortIT.address(server));
        connection.getOutputStream().write(header);
        return connection;
    }

    private static byte[] v1(String line) {
        return (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] v2(int command, int protocol, byte[] addresses, byte[] extensions) {
        int length = addresses.length + extensions.length;
        return ByteBuffer.allocate(SIGNATURE.length + 4 + length)
                .put(SIGNATURE)
                .put((byte) command)
                .put((byte) protocol)
                .putShort((short) length)
                .put(addresses)
                .put(extensions)
                .array();
    }

    private static byte[] ipv4() {
        return ByteBuffer.allocate(12)
                .put(CLIENT.getAddress().getAddress())
                .put(new byte[] {(byte) 198, 51, 100, 7})
                .putShort((short) CLIENT.getPort())
                .putShort((short) 443)
                .array();
    }

    private static byte[] two(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }
}
