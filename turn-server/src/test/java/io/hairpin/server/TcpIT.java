package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.MessageClass;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// What is particular to TCP: framing, and clients that do not do their part.
class TcpIT {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofSeconds(1);

    @Test
    void aRequestCutIntoSingleBytesIsAnswered() throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                RawTcpClient client = connect(server)) {
            for (byte each : client.bindingRequest().toBytes()) {
                client.write(new byte[] {each});
            }

            assertThat(client.readFrame()).startsWith(0x01, 0x01); // Binding success
        }
    }

    @Test
    void severalRequestsInOnePieceAreAllAnswered() throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                RawTcpClient client = connect(server)) {
            byte[] one = client.bindingRequest().toBytes();
            client.write(ByteBuffer.allocate(one.length * 3).put(one).put(one).put(one).array());

            for (int i = 0; i < 3; i++) {
                assertThat(client.readFrame()).startsWith(0x01, 0x01); // Binding success
            }
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {(byte) 0x80, (byte) 0xFF, (byte) 0xC7})
    void whatIsNeitherStunNorChannelDataEndsTheConnection(byte first) throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                RawTcpClient client = connect(server);
                RawTcpClient other = connect(server)) {
            client.write(new byte[] {first, 0, 0, 0, 0, 0, 0, 0});

            assertThat(client.isClosedByServer()).isTrue();
            assertThat(other.exchange(other.bindingRequest()).messageClass())
                    .isEqualTo(MessageClass.SUCCESS_RESPONSE);
        }
    }

    @Test
    void aStrangerCannotMakeTheServerKeepALongFrame() throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build());
                RawTcpClient client = connect(server)) {
            byte[] begun = new byte[60_000];
            begun[0] = 0x40; // ChannelData of 65,535 bytes
            begun[2] = (byte) 0xFF;
            begun[3] = (byte) 0xFF;

            client.write(begun);

            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(SocketKind.class)
    void aClientThatDoesNotReadLosesDataAndNothingElse(SocketKind netty) throws Exception {
        try (TurnServer server = TurnServer.start(limited(100, LONG, LONG).build(), netty);
                TestPeer peer = TestPeer.open(IPV4);
                RawTcpClient slow =
                        new RawTcpClient(Clients.address(server, Transport.TCP, IPV4), 8 << 10)) {
            InetSocketAddress relayed = slow.allocate();
            slow.channelBind(0x4000, peer.address());

            int sent = 0;
            while (sent < 40_000
                    && Metrics.sum(
                                    server,
                                    "hairpin_dropped_packets_total",
                                    "reason=\"client_queue_full\"")
                            == 0) {
                for (int i = 0; i < 500; i++) {
                    peer.send(numbered(sent++), relayed);
                }
            }
            assertThat(
                            Metrics.sum(
                                    server,
                                    "hairpin_dropped_packets_total",
                                    "reason=\"client_queue_full\""))
                    .isPositive();

            int last = -1;
            int read = 0;
            peer.send(numbered(Integer.MAX_VALUE), relayed);
            while (last != Integer.MAX_VALUE) {
                if (read++ % 100 == 0) { // one is bound to find room, now that somebody reads
                    peer.send(numbered(Integer.MAX_VALUE), relayed);
                }
                ByteBuffer frame = ByteBuffer.wrap(slow.readFrame());
                assertThat(ChannelData.channel(frame, 0)).isEqualTo(0x4000);
                assertThat(ChannelData.length(frame, 0)).isEqualTo(PAYLOAD_BYTES);
                int number = frame.getInt(ChannelData.HEADER_BYTES);
                assertThat(number).isGreaterThan(last);
                last = number;
            }
            assertThat(read).isLessThan(sent);
        }
    }

    @Test
    void aClientThatSaysNothingIsDisconnected() throws Exception {
        try (TurnServer server = TurnServer.start(limited(100, LONG, SHORT).build());
                RawTcpClient silent = connect(server);
                RawTcpClient slow = connect(server)) {
            slow.write(new byte[] {0, 1}); // the first bytes of a message are no message

            assertThat(silent.isClosedByServer()).isTrue();
            assertThat(slow.isClosedByServer()).isTrue();
        }
    }

    @Test
    void anIdleClientIsDisconnectedUnlessItHasAnAllocation() throws Exception {
        try (TurnServer server = TurnServer.start(limited(100, SHORT, LONG).build());
                TestPeer peer = TestPeer.open(IPV4);
                TurnClient allocated = Clients.of(server, Transport.TCP, IPV4);
                RawTcpClient idle = connect(server)) {
            InetSocketAddress relayed = allocated.allocate(AllocateOptions.udp()).relayedAddress();
            allocated.createPermission(peer.address().getAddress());
            idle.exchange(idle.bindingRequest());

            assertThat(idle.isClosedByServer()).isTrue();
            peer.send(new byte[] {42}, relayed);
            assertThat(allocated.receive(PATIENCE).orElseThrow().bytes()).containsExactly(42);
        }
    }

    @Test
    void connectionsBeyondTheLimitAreTurnedAwayUntilOneEnds() throws Exception {
        try (TurnServer server = TurnServer.start(limited(1, LONG, LONG).build())) {
            try (RawTcpClient first = connect(server)) {
                first.exchange(first.bindingRequest());
                try (RawTcpClient second = connect(server)) {
                    assertThat(second.isClosedByServer()).isTrue();
                }
            }

            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(
                            () -> {
                                try (RawTcpClient third = connect(server)) {
                                    return third.exchange(third.bindingRequest()).messageClass()
                                            == MessageClass.SUCCESS_RESPONSE;
                                }
                            });
        }
    }

    @Test
    void aClosedConnectionTakesItsAllocationAlong() throws Exception {
        try (TurnServer server = TurnServer.start(TestConfiguration.loopback().build())) {
            TurnClient client = Clients.of(server, Transport.TCP, IPV4);
            client.allocate(AllocateOptions.udp());
            client.vanish();

            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(
                            () ->
                                    Metrics.sum(
                                                    server,
                                                    "hairpin_allocations_closed_total",
                                                    "reason=\"client_closed\"")
                                            == 1);
        }
    }

    private static final int PAYLOAD_BYTES = 1001; // so that padding is needed

    private static byte[] numbered(int number) {
        return ByteBuffer.allocate(PAYLOAD_BYTES).putInt(number).array();
    }

    private static RawTcpClient connect(TurnServer server) throws Exception {
        return new RawTcpClient(Clients.address(server, Transport.TCP, IPV4));
    }

    private static TestConfiguration limited(
            int connections, Duration idle, Duration firstMessage) {
        return TestConfiguration.loopback().tcpLimits(connections, 64 << 10, idle, firstMessage);
    }
}
