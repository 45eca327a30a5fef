package io.hairpin.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.net.Faults;
import io.hairpin.net.Outbox;
import io.hairpin.server.core.Cidr;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.SourceQuotas;
import io.hairpin.server.core.Transport;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// What becomes of a connection by its first bytes, without sockets and on a clock of its own.
class ArrivalTest {

    private static final InetSocketAddress FROM =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 40_000);
    private static final InetSocketAddress HERE =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 3478);
    private static final TlsHandlers TLS = TestCertificate.handlers();
    private static final byte[] BINDING =
            StunMessage.request(Method.BINDING, TransactionId.random(new SplittableRandom(1)))
                    .build()
                    .toBytes();
    private static final List<byte[]> BEGINNINGS =
            List.of(
                    new byte[0],
                    BINDING,
                    ascii("PROXY TCP4 "),
                    ascii("PROXY UNKNOWN\r\n"),
                    ascii("GET / HTTP/1.1\r\n\r\n"),
                    HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000c"),
                    HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000"),
                    HexFormat.of().parseHex("1603010200010001fc0303"),
                    HexFormat.of().parseHex("40000004"));

    private final Recorder recorder = new Recorder();
    private final SourceQuotas connectionsOf =
            new SourceQuotas(2, 3, List.of(Cidr.parse("127.0.0.0/8").orElseThrow()));
    private final SourceQuotas handshakesOf = new SourceQuotas(2, 3, List.of());
    private long nowNanos;
    private final ConnectionLimit limit =
            new ConnectionLimit(10, 3, connectionsOf, handshakesOf, () -> nowNanos);

    @Property
    void noBytesThrowOrAreKept(
            @ForAll @IntRange(max = 8) int beginning,
            @ForAll @Size(max = 300) byte[] rest,
            @ForAll @IntRange(min = 1, max = 50) int piece) {
        EmbeddedChannel channel = arrive();
        ByteBuf stream = Unpooled.wrappedBuffer(BEGINNINGS.get(beginning), rest);
        List<ByteBuf> given = new ArrayList<>();

        while (stream.isReadable() && channel.isOpen()) {
            ByteBuf bytes = stream.readBytes(Math.min(piece, stream.readableBytes()));
            given.add(bytes);
            channel.writeInbound(bytes);
        }
        channel.checkException();
        channel.finishAndReleaseAll();

        assertThat(given).allMatch(bytes -> bytes.refCnt() == 0);
        assertThat(recorder.clients).isEmpty();
        assertThat(channel.hasPendingTasks()).isFalse();
        assertNothingCounts();
    }

    @Test
    void aProxysClientsCountForThemselves() {
        EmbeddedChannel first = introduced("192.0.2.1");
        EmbeddedChannel second = introduced("192.0.2.1");
        EmbeddedChannel third = introduced("192.0.2.1");
        EmbeddedChannel neighbour = introduced("192.0.2.2");
        EmbeddedChannel another = introduced("192.0.2.3");

        assertThat(List.of(first, second, neighbour)).allMatch(EmbeddedChannel::isOpen);
        assertThat(List.of(third, another)).noneMatch(EmbeddedChannel::isOpen);
        assertThat(recorder.refused)
                .containsExactly(RefusalReason.ADDRESS_LIMIT, RefusalReason.NETWORK_LIMIT);
        first.finishAndReleaseAll();
        EmbeddedChannel next = introduced("192.0.2.1");
        assertThat(next.isOpen()).isTrue();

        List.of(second, third, neighbour, another, next)
                .forEach(EmbeddedChannel::finishAndReleaseAll);
        assertNothingCounts();
    }

    private EmbeddedChannel introduced(String client) {
        EmbeddedChannel channel = arrive();
        channel.writeInbound(bytes(ascii("PROXY TCP4 " + client + " 198.51.100.7 5000 443\r\n")));
        return channel;
    }

    @Test
    void aTlsHandshakeCountsUntilTheConnectionIsGone() {
        List<EmbeddedChannel> two = List.of(handshaking(), handshaking());
        EmbeddedChannel third = handshaking();

        assertThat(limit.handshakes()).isEqualTo(2);
        assertThat(two).allMatch(EmbeddedChannel::isOpen);
        assertThat(third.isOpen()).isFalse();
        assertThat(recorder.refused).containsExactly(RefusalReason.ADDRESS_LIMIT);

        two.forEach(EmbeddedChannel::finishAndReleaseAll);
        third.finishAndReleaseAll();
        assertNothingCounts();
    }

    @Test
    void theOldestHandshakeGivesWayToANewer() {
        List<EmbeddedChannel> three =
                List.of(
                        handshaking("192.0.2.1"),
                        handshaking("198.51.100.1"),
                        handshaking("198.51.100.2"));
        EmbeddedChannel tooSoon = handshaking("203.0.113.1");
        assertThat(tooSoon.isOpen()).isFalse();
        nowNanos += TimeUnit.SECONDS.toNanos(1);

        EmbeddedChannel newcomer = handshaking("203.0.113.1");
        three.forEach(EmbeddedChannel::runPendingTasks);

        assertThat(three.stream().map(EmbeddedChannel::isOpen)).containsExactly(false, true, true);
        assertThat(newcomer.isOpen()).isTrue();
        assertThat(limit.handshakes()).isEqualTo(3);
        assertThat(recorder.refused)
                .containsExactly(RefusalReason.HANDSHAKE_LIMIT, RefusalReason.HANDSHAKE_LIMIT);

        three.forEach(EmbeddedChannel::finishAndReleaseAll);
        List.of(tooSoon, newcomer).forEach(EmbeddedChannel::finishAndReleaseAll);
        assertNothingCounts();
    }

    private EmbeddedChannel handshaking(String client) {
        EmbeddedChannel channel = introduced(client);
        channel.writeInbound(bytes(HexFormat.of().parseHex("1603010200010001fc0303")));
        return channel;
    }

    private EmbeddedChannel handshaking() {
        EmbeddedChannel channel = arrive();
        channel.writeInbound(bytes(HexFormat.of().parseHex("1603010200010001fc0303")));
        return channel;
    }

    private void assertNothingCounts() {
        assertThat(connectionsOf.mostOfAddress()).isZero();
        assertThat(connectionsOf.mostOfNetwork()).isZero();
        assertThat(handshakesOf.mostOfAddress()).isZero();
        assertThat(handshakesOf.mostOfNetwork()).isZero();
        assertThat(limit.handshakes()).isZero();
    }

    @Test
    void aDeadlineIsPutOffByTheNextStepAlone() {
        EmbeddedChannel channel = arrive();
        channel.freezeTime();

        channel.writeInbound(bytes(ascii("PROXY UNKN")));
        pass(channel, 9);
        channel.writeInbound(bytes(ascii("OWN\r\n")));
        pass(channel, 9);
        channel.writeInbound(bytes(BINDING, 0, 10));
        assertThat(channel.isOpen()).isTrue();

        pass(channel, 2);

        assertThat(channel.isOpen()).isFalse();
        assertThat(recorder.refused).containsExactly(RefusalReason.SILENT);
    }

    @Test
    void aClientHasTheFirstDeadlineUntilItsFirstWholeMessage() {
        EmbeddedChannel channel = arrive();
        channel.freezeTime();
        channel.writeInbound(bytes(BINDING, 0, 19));
        pass(channel, 9);

        channel.writeInbound(bytes(BINDING, 19, 1));
        pass(channel, 20);

        assertThat(channel.isOpen()).isTrue();
        assertThat(recorder.received).hasSize(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void aProxysClientIsKnownByItsAddressOneOfOursAndTheOneItCameTo() {
        EmbeddedChannel channel = arrive();

        channel.writeInbound(
                bytes(ascii("PROXY TCP4 192.0.2.1 198.51.100.7 5000 443\r\n")), bytes(BINDING));

        assertThat(recorder.received)
                .containsExactly(
                        new FiveTuple(
                                Transport.TCP,
                                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5000),
                                HERE,
                                new InetSocketAddress(InetAddress.ofLiteral("198.51.100.7"), 443)));
        channel.finishAndReleaseAll();
    }

    @Test
    void whoGoesWithoutAWordIsNotRefused() {
        EmbeddedChannel channel = arrive();

        channel.writeInbound(bytes(new byte[] {0}));
        channel.finishAndReleaseAll();

        assertThat(recorder.refused).isEmpty();
    }

    private EmbeddedChannel arrive() {
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
                        new StreamServices(
                                TLS,
                                new ProxyRanges(List.of(Cidr.parse("127.0.0.0/8").orElseThrow())),
                                null),
                        limit,
                        new TcpClient.Surroundings(
                                input, input, recorder, new Outbox(100), new Faults()))
                .begin();
        return channel;
    }

    private static void pass(EmbeddedChannel channel, int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuf bytes(byte[] bytes) {
        return bytes(bytes, 0, bytes.length);
    }

    private static ByteBuf bytes(byte[] bytes, int offset, int length) {
        return Unpooled.copiedBuffer(bytes, offset, length);
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

        final List<FiveTuple> clients = new ArrayList<>();
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
            clients.add(client);
        }

        @Override
        public void closed(FiveTuple client, ConnectedClient link) {
            clients.remove(client);
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
