package io.hairpin.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.hairpin.net.Datagram;
import io.hairpin.net.Faults;
import io.hairpin.net.Outbox;
import io.hairpin.server.core.Cidr;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.SourceQuotas;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// What a connection brings before its first message, headers of the PROXY protocol foremost: no
/// bytes throw, are kept, or are believed from somebody who is no proxy.
///
/// The first byte says into what pieces the rest is cut.
class ArrivalFuzzTest {

    private static final InetSocketAddress FROM = address("127.0.0.1", 40_000);
    private static final InetSocketAddress HERE = address("127.0.0.1", 3478);
    private static final ProxyRanges TRUSTED =
            new ProxyRanges(List.of(Cidr.parse("127.0.0.0/8").orElseThrow()));

    /// More than a header of either version may have, and a first message of a stranger.
    private static final int MAX_KEPT_BYTES = 16 << 10;

    private static final byte[] BINDING =
            StunMessage.request(Method.BINDING, TransactionId.of(1, 2)).build().toBytes();
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    /// What is reported as a bug of ours.
    private static final ListAppender<ILoggingEvent> REPORTED = new ListAppender<>();

    static {
        REPORTED.start();
        ((Logger) LoggerFactory.getLogger(Faults.class)).addAppender(REPORTED);
    }

    static Stream<byte[]> streams() {
        return Stream.of(
                stream(200, BINDING, BINDING),
                stream(3, ascii("PROXY TCP4 192.0.2.1 198.51.100.7 5000 443\r\n"), BINDING),
                stream(99, ascii("PROXY TCP6 2001:db8::1 2001:db8::2 5000 443\r\n"), BINDING),
                stream(99, ascii("PROXY UNKNOWN\r\n"), BINDING),
                stream(99, ascii("PROXY TCP4 ::ffff:1.2.3.4 x 65536 -1\r\n")),
                stream(99, ascii("PROXY " + "A".repeat(200))),
                stream(99, hex(SIGNATURE + "2111000cc0000201c633640713880d96"), BINDING),
                stream(99, hex(SIGNATURE + "2111000fc0000201c633640713880d96040000"), BINDING),
                stream(
                        99,
                        hex(SIGNATURE + "21210024" + "20010db8".repeat(8) + "13880d96"),
                        BINDING),
                stream(99, hex(SIGNATURE + "20000000"), BINDING),
                stream(99, hex(SIGNATURE + "2131ffff")),
                stream(99, hex(SIGNATURE + "2112000cc0000201c633640713880d96")),
                stream(99, ascii("GET / HTTP/1.1\r\n\r\n")),
                stream(99, hex("1603010200010001fc0303")),
                stream(99, hex("4000000401020304"), BINDING));
    }

    @MethodSource("streams")
    @FuzzTest
    void whateverComesFromAProxyIsReadOrRefused(byte[] script) {
        Recorder recorder = play(script, TRUSTED);

        for (FiveTuple client : recorder.received) {
            assertThat(client.server()).isEqualTo(HERE);
            assertThat(client).isEqualTo(recorder.received.getFirst());
        }
    }

    @MethodSource("streams")
    @FuzzTest
    void nobodyElseIsBelieved(byte[] script) {
        Recorder recorder = play(script, ProxyRanges.NONE);

        assertThat(recorder.received).allMatch(client -> client.client().equals(FROM));
    }

    private static Recorder play(byte[] script, ProxyRanges proxies) {
        Recorder recorder = new Recorder();
        EmbeddedChannel channel = arrive(recorder, proxies);
        int piece = script.length == 0 ? 1 : 1 + (script[0] & 0xFF);
        ByteBuf stream = Unpooled.wrappedBuffer(script);
        stream.skipBytes(Math.min(1, script.length));
        List<ByteBuf> given = new ArrayList<>();
        while (stream.isReadable() && channel.isOpen()) {
            ByteBuf bytes = stream.readBytes(Math.min(piece, stream.readableBytes()));
            given.add(bytes);
            channel.writeInbound(bytes);
            int kept =
                    given.stream()
                            .filter(each -> each.refCnt() > 0)
                            .mapToInt(ByteBuf::capacity)
                            .sum();
            assertThat(kept).isLessThanOrEqualTo(MAX_KEPT_BYTES);
        }
        channel.checkException();
        channel.finishAndReleaseAll();

        assertThat(given).allMatch(bytes -> bytes.refCnt() == 0);
        assertThat(REPORTED.list).isEmpty();
        assertThat(recorder.connected).isEmpty();
        assertThat(recorder.refused).hasSizeLessThanOrEqualTo(1);
        return recorder;
    }

    static Stream<byte[]> datagrams() {
        return Stream.of(
                hex(SIGNATURE + "2112000cc0000201c633640713880d96" + "0001"),
                hex(SIGNATURE + "2112000fc0000201c633640713880d96040000"),
                hex(SIGNATURE + "21220024" + "20010db8".repeat(8) + "13880d96"),
                hex(SIGNATURE + "21220024" + "fe800000".repeat(8) + "13880d96"),
                hex(SIGNATURE + "20000000" + "0001"),
                hex(SIGNATURE + "2112ffff"),
                hex(SIGNATURE),
                BINDING);
    }

    @MethodSource("datagrams")
    @FuzzTest
    void theHeaderOfADatagramNamesWhoIsInItAndLeavesTheRest(byte[] bytes) {
        Datagram datagram = new Datagram();
        datagram.wrap(ByteBuffer.wrap(bytes.clone()));
        DatagramProxyHeader header = new DatagramProxyHeader();

        DatagramProxyHeader.Outcome outcome = header.read(datagram);

        byte[] rest = new byte[datagram.length()];
        datagram.bytes().get(datagram.start(), rest);
        int behind = bytes.length < 16 ? 0 : 16 + (ByteBuffer.wrap(bytes).getShort(14) & 0xFFFF);
        switch (outcome) {
            case NONE, MALFORMED -> assertThat(rest).isEqualTo(bytes);
            case PROXY ->
                    assertThat(rest).isEqualTo(Arrays.copyOfRange(bytes, behind, bytes.length));
            case CLIENT -> {
                assertThat(rest).isEqualTo(Arrays.copyOfRange(bytes, behind, bytes.length));
                int size = header.client().getAddress().getAddress().length;
                boolean wide = bytes[13] == 0x22;
                assertThat(size).isIn(4, 16);
                int portAt = wide ? 16 + 32 : 16 + 8;
                assertThat(header.client().getPort())
                        .isEqualTo(ByteBuffer.wrap(bytes).getShort(portAt) & 0xFFFF);
                assertThat(header.isFrom(header.client())).isTrue();
            }
        }
    }

    private static EmbeddedChannel arrive(Recorder recorder, ProxyRanges proxies) {
        EmbeddedChannel channel = new Connection();
        ClientInput input = new ClientInput(HERE, recorder, recorder);
        new Arrival(
                        channel,
                        FROM,
                        new TcpSettings(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(5),
                                64 << 10),
                        new StreamServices(null, proxies, null),
                        new ConnectionLimit(1, 1, SourceQuotas.NONE, SourceQuotas.NONE, () -> 0),
                        new TcpClient.Surroundings(
                                input, input, recorder, new Outbox(100), new Faults()))
                .begin();
        return channel;
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] stream(int piece, byte[]... parts) {
        ByteBuffer stream =
                ByteBuffer.allocate(1 + Arrays.stream(parts).mapToInt(part -> part.length).sum());
        stream.put((byte) (piece - 1));
        Arrays.stream(parts).forEach(stream::put);
        return stream.array();
    }

    /// A connection with addresses as sockets have them.
    private static final class Connection extends EmbeddedChannel {

        @Override
        protected SocketAddress remoteAddress0() {
            return FROM;
        }

        @Override
        protected SocketAddress localAddress0() {
            return HERE;
        }
    }

    private static final class Recorder implements Control, Traffic {

        final List<FiveTuple> connected = new ArrayList<>();
        final List<FiveTuple> received = new ArrayList<>();
        final List<RefusalReason> refused = new ArrayList<>();

        @Override
        public void received(FiveTuple from, StunMessage message) {
            received.add(from);
        }

        @Override
        public @Nullable DropReason refusal(long high, long low) {
            return null;
        }

        @Override
        public void connected(FiveTuple client, ConnectedClient link) {
            connected.add(client);
        }

        @Override
        public void closed(FiveTuple client, ConnectedClient link) {
            connected.remove(client);
        }

        @Override
        public void relayedToPeer(int bytes) {}

        @Override
        public void relayedToClient(int bytes) {}

        @Override
        public void dropped(DropReason reason, long packets) {}

        @Override
        public void refused(RefusalReason reason) {
            refused.add(reason);
        }
    }
}
