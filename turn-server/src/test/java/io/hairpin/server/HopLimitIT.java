package io.hairpin.server;

import static io.hairpin.server.MarkedCall.channelData;
import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.MarkedSocket.Marked;
import io.hairpin.server.config.HopLimitChoice;
import io.hairpin.server.config.SocketsConfig;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.IcmpError;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// RFC 8656 §13: which hop limit data leaves with.
@Timeout(60)
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class HopLimitIT {

    /// What Linux gives where nothing is asked for.
    private static final int OF_THE_SYSTEM = 64;

    private static final int BEST_EFFORT = 0;
    private static final int MARK = 0xBA;
    private static final SocketsConfig COUNTING = TestSockets.with(true, HopLimitChoice.COUNT_DOWN);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @ParameterizedTest
    @CsvSource({"IPV4, IPV4", "IPV6, IPV6", "IPV4, IPV6", "IPV6, IPV4"})
    void eachDatagramLeavesWithAHopLessBothWays(AddressFamily ours, AddressFamily peers)
            throws Exception {
        try (TurnServer server = counting(SocketKind.NATIVE);
                MarkedCall call = MarkedCall.start(server, ours, peers)) {
            for (int hops : new int[] {255, OF_THE_SYSTEM, 2}) {
                call.client().send(channelData(7), MARK, hops, call.server());
                assertThat(call.peer().take()).isEqualTo(marked(data(7), hops - 1));

                call.client().send(call.sendIndication(8), MARK, hops, call.server());
                assertThat(call.peer().take()).isEqualTo(marked(data(8), hops - 1));

                call.peer().send(data(9), MARK, hops, call.relayed());
                assertThat(call.client().take()).isEqualTo(marked(channelData(9), hops - 1));
            }
            assertThat(dropped(server, "hop_limit")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "IPV4, IPV4, 11",
        "IPV6, IPV6, 3",
        "IPV4, IPV6, 3",
        "IPV6, IPV4, 11",
    })
    void whatCameWithItsLastHopIsDroppedAndItsClientTold(
            AddressFamily ours, AddressFamily peers, int timeExceeded) throws Exception {
        try (TurnServer server = counting(SocketKind.NATIVE);
                MarkedCall call = MarkedCall.start(server, ours, peers)) {
            for (ByteBuffer message : new ByteBuffer[] {channelData(1), call.sendIndication(1)}) {
                call.client().send(message, BEST_EFFORT, 1, call.server());
                Marked told = call.client().take();
                StunMessage indication = indication(told.bytes());
                assertThat(told.hopLimit()).isEqualTo(OF_THE_SYSTEM);
                assertThat(indication.find(Attributes.XOR_PEER_ADDRESS))
                        .contains(call.peer().address());
                assertThat(indication.find(Attributes.ICMP))
                        .contains(new IcmpError(timeExceeded, 0, 0));
                assertThat(indication.has(Attributes.DATA)).isFalse();
            }
            call.peer().send(data(1), BEST_EFFORT, 1, call.relayed());

            call.client().send(channelData(2), BEST_EFFORT, 2, call.server());
            call.peer().send(data(2), BEST_EFFORT, 2, call.relayed());
            assertThat(call.peer().take()).isEqualTo(new Marked(data(2), BEST_EFFORT, 1));
            assertThat(call.client().take()).isEqualTo(new Marked(channelData(2), BEST_EFFORT, 1));
            assertThat(dropped(server, "hop_limit")).isEqualTo(3);
            assertThat(Metrics.sum(server, "hairpin_icmp_errors_total")).isEqualTo(2);
            assertThat(Metrics.sum(server, "hairpin_relayed_packets_total")).isEqualTo(2);
        }
    }

    @Test
    void whoSendsManyWithTheirLastHopIsToldOfAFew() throws Exception {
        int many = 500;
        try (TurnServer server = counting(SocketKind.NATIVE);
                MarkedCall call = MarkedCall.start(server, IPV4, IPV4)) {
            for (int i = 0; i < many; i++) {
                call.client().send(channelData(i), BEST_EFFORT, 1, call.server());
            }

            await().atMost(PATIENCE).until(() -> dropped(server, "hop_limit") == many);
            double untold = dropped(server, "icmp_rate");
            assertThat(untold).isPositive();
            assertThat(Metrics.sum(server, "hairpin_icmp_errors_total")).isEqualTo(many - untold);
        }
    }

    @Test
    void aClientOnDtlsIsAHopAwayToo() throws Exception {
        try (TurnServer server = counting(SocketKind.NATIVE);
                MarkedSocket peer = new MarkedSocket(MarkedCall.any(IPV4));
                TurnClient client = Clients.of(server, Transport.DTLS, IPV4)) {
            InetSocketAddress relayed = bindChannel(client, peer);

            client.sendChannel(MarkedCall.CHANNEL, new byte[] {1});
            assertThat(peer.take().hopLimit()).isEqualTo(OF_THE_SYSTEM - 1);
            peer.send(data(2), BEST_EFFORT, 1, relayed);
            peer.send(data(3), BEST_EFFORT, 2, relayed);
            assertThat(client.receive(PATIENCE).orElseThrow().bytes()).containsExactly(3);
            assertThat(dropped(server, "hop_limit")).isEqualTo(1);
        }
    }

    /// There are so many shards and moves that some are sure to be from one shard to another.
    @Test
    void aClientThatHasMovedIsStillAHopAway() throws Exception {
        TestConfiguration shards = TestConfiguration.loopback().threads(4);
        int moves = 8;
        try (TurnServer server =
                        OnePort.plain().rest(shards).on(SocketKind.NATIVE).startMobile(COUNTING);
                MarkedSocket peer = new MarkedSocket(MarkedCall.any(IPV4));
                TurnClient first = Clients.of(server, Transport.UDP, IPV4)) {
            StunMessage allocated =
                    first.request(
                            Method.ALLOCATE,
                            request ->
                                    request.with(Attributes.REQUESTED_TRANSPORT, 17)
                                            .with(Attributes.MOBILITY_TICKET, new byte[0]));
            InetSocketAddress relayed =
                    allocated.find(Attributes.XOR_RELAYED_ADDRESS).orElseThrow();
            byte[] ticket = allocated.find(Attributes.MOBILITY_TICKET).orElseThrow();
            first.createPermission(peer.address().getAddress());
            for (int move = 0; move < moves; move++) {
                try (TurnClient next = Clients.of(server, Transport.UDP, IPV4)) {
                    ticket = next.takeOver(ticket, Duration.ofMinutes(10));

                    next.send(peer.address(), new byte[] {1});
                    assertThat(peer.take().hopLimit()).isEqualTo(OF_THE_SYSTEM - 1);
                    peer.send(data(2), BEST_EFFORT, 1, relayed);
                    peer.send(data(3), BEST_EFFORT, 2, relayed);
                    assertThat(next.receive(PATIENCE).orElseThrow().bytes()).containsExactly(3);
                    next.vanish();
                }
            }
            assertThat(dropped(server, "hop_limit")).isEqualTo(moves);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void hopsOfTcpAreNotThoseOfDatagrams(Transport transport) throws Exception {
        try (TurnServer server = counting(SocketKind.NATIVE);
                MarkedSocket peer = new MarkedSocket(MarkedCall.any(IPV4));
                TurnClient client = Clients.of(server, transport, IPV4)) {
            InetSocketAddress relayed = bindChannel(client, peer);

            client.sendChannel(MarkedCall.CHANNEL, new byte[] {1});
            assertThat(peer.take().hopLimit()).isEqualTo(OF_THE_SYSTEM);
            peer.send(data(2), BEST_EFFORT, 1, relayed);
            assertThat(client.receive(PATIENCE).orElseThrow().bytes()).containsExactly(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"IPV4, IPV4", "IPV6, IPV6", "IPV4, IPV6", "IPV6, IPV4"})
    void aServerThatIsNotToldToCountSendsWithTheHopLimitOfTheSystem(
            AddressFamily ours, AddressFamily peers) throws Exception {
        try (TurnServer server = OnePort.plain().on(SocketKind.NATIVE).start();
                MarkedCall call = MarkedCall.start(server, ours, peers)) {
            for (int hops : new int[] {255, 7, 1}) {
                call.client().send(channelData(7), MARK, hops, call.server());
                assertThat(call.peer().take()).isEqualTo(marked(data(7), OF_THE_SYSTEM));

                call.peer().send(data(8), MARK, hops, call.relayed());
                assertThat(call.client().take()).isEqualTo(marked(channelData(8), OF_THE_SYSTEM));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void whereItCannotCountTheServerSaysSo(SocketKind kind) throws Exception {
        try (TurnServer counting = counting(kind);
                TurnServer usual = OnePort.plain().on(kind).start()) {
            assertThat(counting.describe().stream().anyMatch(line -> line.contains("hop-limit")))
                    .isEqualTo(!kind.carriesHeaderFields());
            assertThat(usual.describe()).noneMatch(line -> line.contains("hop-limit"));
        }
    }

    private static TurnServer counting(SocketKind kind) {
        return OnePort.plain().on(kind).start(COUNTING);
    }

    private static InetSocketAddress bindChannel(TurnClient client, MarkedSocket peer)
            throws Exception {
        InetSocketAddress relayed = client.allocate(AllocateOptions.udp()).relayedAddress();
        client.channelBind(MarkedCall.CHANNEL, peer.address());
        return relayed;
    }

    private static Marked marked(ByteBuffer bytes, int hopLimit) {
        return new Marked(bytes, MARK, hopLimit);
    }

    private static ByteBuffer data(int value) {
        return ByteBuffer.wrap(new byte[] {(byte) value});
    }

    private static StunMessage indication(ByteBuffer bytes) {
        StunMessage message = ((Decoded.Message) StunDecoder.decode(bytes)).message();
        assertThat(message.method()).isEqualTo(Method.DATA);
        return message;
    }

    private static double dropped(TurnServer server, String reason) throws Exception {
        return Metrics.sum(server, "hairpin_dropped_packets_total", "reason=\"" + reason + "\"");
    }
}
