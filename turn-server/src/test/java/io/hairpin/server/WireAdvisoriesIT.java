package io.hairpin.server;

import static io.hairpin.server.OnePortIT.address;
import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// What bytes on the wire did to other servers, tried on a running one.
@Timeout(120)
class WireAdvisoriesIT {

    private static final int CHANNEL = 0x4000;
    private static final int STUN_HEADER_BYTES = 20;
    private static final String END = "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    /// What others sent has filled the buffers before, and padding must not show it.
    @ParameterizedTest
    @EnumSource(SocketKind.class)
    @Advisory("CVE-2020-4067")
    void cve20204067ThePaddingOfRelayedDataTellsNothing(SocketKind kind) throws Exception {
        byte[] secret = new byte[1203];
        Arrays.fill(secret, (byte) 0xFF);
        try (TurnServer server = OnePort.plain().on(kind).start();
                TestPeer bound = TestPeer.open(IPV4);
                TestPeer permitted = TestPeer.open(IPV4);
                RawTcpClient client = new RawTcpClient(address(server))) {
            InetSocketAddress relayed = client.allocate();
            client.channelBind(CHANNEL, bound.address());

            for (int length = 1; length < 10; length++) {
                for (TestPeer peer : new TestPeer[] {bound, permitted}) {
                    peer.send(secret, relayed);
                    assertPaddedWithZeros(client.readFrame());
                    peer.send(Arrays.copyOf(secret, length), relayed);
                    assertPaddedWithZeros(client.readFrame());
                }
            }
        }
    }

    @Test
    @Advisory("CVE-2020-4067")
    void cve20204067ThePaddingOfAnswersTellsNothing() throws Exception {
        try (TurnServer server = OnePort.plain().start();
                RawTcpClient client = new RawTcpClient(address(server))) {
            for (Method method : Method.values()) {
                StunMessage request =
                        StunMessage.request(method, TransactionId.random(new SplittableRandom(1)))
                                .build();
                assertPaddedWithZeros(client.exchange(request).toBytes());
            }
            client.allocate();
            assertPaddedWithZeros(client.exchange(client.bindingRequest()).toBytes());
        }
    }

    /// A sum of 16 bits would run over, and what is inside be taken for messages.
    @ParameterizedTest
    @ValueSource(ints = {0xFFFF, 0xFFFE, 0xFFFD, 0xFFFC, 0xFFFB, 0xFFEC, 0xFFE8})
    @Advisory("coturn#1844")
    void coturn1844TheLongestChannelDataHidesNoMessages(int length) throws Exception {
        byte[] frame = new byte[ChannelData.HEADER_BYTES + ChannelData.paddedLength(length)];
        ChannelData.writeHeader(ByteBuffer.wrap(frame), 0, CHANNEL, length);

        assertHidesNoMessages(frame, ChannelData.HEADER_BYTES);
    }

    @ParameterizedTest
    @ValueSource(ints = {0xFFFC, 0xFFF8, 0xFFEC})
    @Advisory("coturn#1844")
    void coturn1844TheLongestMessageHidesNoOthers(int length) throws Exception {
        byte[] frame = new byte[STUN_HEADER_BYTES + length];
        ByteBuffer.wrap(frame)
                .putShort((short) 1)
                .putShort((short) length)
                .putInt(TransactionId.MAGIC_COOKIE);

        assertHidesNoMessages(frame, STUN_HEADER_BYTES);
    }

    private static void assertHidesNoMessages(byte[] frame, int from) throws Exception {
        try (TurnServer server = OnePort.plain().start();
                RawTcpClient client = new RawTcpClient(address(server))) {
            client.allocate();
            byte[] hidden = client.bindingRequest().toBytes();
            ByteBuffer content = ByteBuffer.wrap(frame, from, frame.length - from);
            while (content.remaining() >= hidden.length) {
                content.put(hidden);
            }
            StunMessage visible = client.bindingRequest();

            client.write(frame);

            assertThat(client.exchange(visible).transactionId()).isEqualTo(visible.transactionId());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0xFFFF, 0xFFFD, 0x4001})
    @Advisory("coturn#1844")
    void coturn1844ALengthThatNoMessageHasEndsTheConnection(int length) throws Exception {
        try (TurnServer server = OnePort.plain().start();
                RawTcpClient client = new RawTcpClient(address(server))) {
            ByteBuffer header = ByteBuffer.allocate(STUN_HEADER_BYTES);
            header.putShort((short) 1).putShort((short) length);

            client.write(header.putInt(TransactionId.MAGIC_COOKIE).array());

            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    static Stream<String> brokenHttp() {
        return Stream.of(
                "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nx",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
                "POST \0\0\0\0",
                "GET ?realm=&=&%00%n HTTP/9.9\r\n: \r\n\r\n",
                "HEAD",
                "GET " + "A".repeat(20_000));
    }

    @ParameterizedTest
    @MethodSource("brokenHttp")
    @Advisory({"CVE-2020-6061", "CVE-2020-6062", "GHSA-m23x-5qf5-988g"})
    void cve20206061HttpIsReadNoFurtherThanItsFirstWord(String request) throws Exception {
        try (TurnServer server = OnePort.plain().start();
                Socket socket = RawTcpClient.connect(address(server));
                RawTcpClient other = new RawTcpClient(address(server))) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.getInputStream().readAllBytes())
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("HTTP/1.1 400 Bad Request" + END);
            assertThat(other.mappedAddress()).isNotNull();
        }
    }

    /// There a redirect repeated more of the memory than it had been sent.
    @ParameterizedTest
    @MethodSource("brokenHttp")
    @Advisory("GHSA-m23x-5qf5-988g")
    void ghsaM23xTheAnswerOverTlsRepeatsNothingOfTheRequest(String request) throws Exception {
        byte[] answer = ("HTTP/1.1 404 Not Found" + END).getBytes(StandardCharsets.US_ASCII);
        try (TurnServer server = OnePort.plain().start();
                RawTcpClient client = OnePortIT.tls(server)) {
            client.write(request.getBytes(StandardCharsets.US_ASCII));

            assertThat(client.readBytes(answer.length)).isEqualTo(answer);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    @Advisory("GHSA-5x2p-4vqj-f6m4")
    void ghsa5x2pNothingIsKeptOfADtlsClientThatHasReturnedNoCookie() throws Exception {
        try (TurnServer server = OnePort.plain().start()) {
            InetSocketAddress to = Clients.address(server, Transport.DTLS, IPV4);
            for (int i = 0; i < 300; i++) {
                byte[] hello = clientHello(i);
                try (DatagramSocket socket = new DatagramSocket()) {
                    socket.send(new DatagramPacket(hello, hello.length, to));
                    if (i == 0) {
                        assertIsSmallerRequestForACookie(socket, hello.length);
                    }
                }
            }

            try (TurnClient client = Clients.of(server, Transport.DTLS, IPV4)) {
                client.bind();

                assertThat(used(server, "dtls-handshakes")).isZero();
                assertThat(used(server, "dtls-sessions")).isEqualTo(1);
            }
        }
    }

    private static double used(TurnServer server, String limit) throws Exception {
        return Metrics.sum(server, "hairpin_limit_used", "limit=\"" + limit + "\"");
    }

    private static void assertIsSmallerRequestForACookie(DatagramSocket socket, int asked)
            throws Exception {
        DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
        socket.setSoTimeout(10_000);
        socket.receive(answer);
        assertThat(answer.getData()[13]).as("HelloVerifyRequest").isEqualTo((byte) 3);
        assertThat(answer.getLength()).isLessThan(asked);
    }

    /// A ClientHello without a cookie, in one record.
    private static byte[] clientHello(int number) {
        byte[] body =
                ByteBuffer.allocate(2 + 32 + 1 + 1 + 4 + 2 + 10)
                        .putShort((short) 0xFEFD)
                        .putInt(number)
                        .position(2 + 32)
                        .put((byte) 0) // session id
                        .put((byte) 0) // cookie
                        .putInt(0x0002C02B) // ECDHE-ECDSA with AES-128-GCM
                        .putShort((short) 0x0100) // no compression
                        .putShort((short) 8) // extensions: groups, with x25519
                        .putLong(0x000A00040002001DL)
                        .array();
        int length = body.length;
        return ByteBuffer.allocate(13 + 12 + length)
                .put((byte) 22)
                .putShort((short) 0xFEFD)
                .putLong(0) // epoch and number
                .putShort((short) (12 + length))
                .putInt(1 << 24 | length)
                .putShort((short) 0)
                .putInt(length >>> 16)
                .putShort((short) length)
                .put(body)
                .array();
    }

    private static void assertPaddedWithZeros(byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        if ((frame[0] & 0xC0) != 0) {
            assertZeros(frame, ChannelData.HEADER_BYTES + ChannelData.length(bytes, 0));
            return;
        }
        int at = STUN_HEADER_BYTES;
        while (at < frame.length) {
            int end = at + 4 + (bytes.getShort(at + 2) & 0xFFFF);
            int next = (end + 3) & ~3;
            assertZeros(Arrays.copyOf(frame, next), end);
            at = next;
        }
    }

    private static void assertZeros(byte[] bytes, int from) {
        assertThat(Arrays.copyOfRange(bytes, from, bytes.length))
                .isEqualTo(new byte[bytes.length - from]);
    }
}
