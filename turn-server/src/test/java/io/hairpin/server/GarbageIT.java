package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.net.Faults;
import io.hairpin.server.config.HopLimitChoice;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Whatever arrives, from clients with and without an allocation and from peers: the server goes
/// on, and nothing in it breaks.
class GarbageIT {

    private static final int PACKETS = 3_000;

    private final SplittableRandom random = new SplittableRandom(2026);
    private final Logger faults = (Logger) LoggerFactory.getLogger(Faults.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        faults.addAppender(logged);
    }

    @AfterEach
    void nothingBroke() {
        faults.detachAppender(logged);
        assertThat(logged.list).filteredOn(event -> event.getLevel() == Level.ERROR).isEmpty();
    }

    @Test
    void datagramsFromStrangers() throws Exception {
        try (TurnServer server = OnePort.plain().start();
                TestPeer stranger = TestPeer.open(IPV4)) {
            InetSocketAddress listener = Clients.address(server, Transport.UDP, IPV4);
            for (int i = 0; i < PACKETS; i++) {
                stranger.send(garbage(), listener);
            }

            assertIsServing(server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void datagramsFromAClientWithAnAllocationAndFromItsPeer(HopLimitChoice hopLimit)
            throws Exception {
        try (TurnServer server = OnePort.plain().start(TestSockets.with(true, hopLimit));
                TestPeer peer = TestPeer.open(IPV4);
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            InetSocketAddress relayed = client.allocate(AllocateOptions.udp()).relayedAddress();
            client.channelBind(0x4000, peer.address());
            for (int i = 0; i < PACKETS; i++) {
                client.sendRaw(garbage());
                peer.send(garbage(), relayed);
            }

            assertIsServing(server);
        }
    }

    @Test
    void streamsFromStrangers() throws Exception {
        try (TurnServer server = OnePort.plain().start()) {
            for (int i = 0; i < 300; i++) {
                try (RawTcpClient client =
                        new RawTcpClient(Clients.address(server, Transport.TCP, IPV4))) {
                    for (int piece = 0; piece < 5; piece++) {
                        client.write(garbage());
                    }
                } catch (IOException e) {
                    assertThat(e).as("closed by the server").isNotNull();
                }
            }

            assertIsServing(server);
        }
    }

    private void assertIsServing(TurnServer server) {
        for (Transport transport : Transport.values()) {
            try (TurnClient client = Clients.of(server, transport, IPV4)) {
                assertThat(client.allocate(AllocateOptions.udp()).relayedAddresses()).hasSize(1);
            }
        }
    }

    /// Noise, or a message with a few bits turned.
    private byte[] garbage() {
        byte[] bytes;
        if (random.nextInt(4) == 0) {
            bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            return bytes;
        }
        bytes = message().toBytes();
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(5) == 0
                ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 8))
                : bytes;
    }

    private StunMessage message() {
        InetSocketAddress peer =
                new InetSocketAddress(
                        random.nextBoolean()
                                ? TestConfiguration.LOOPBACK_4
                                : TestConfiguration.LOOPBACK_6,
                        random.nextInt(65536));
        Method method =
                List.of(
                                Method.ALLOCATE,
                                Method.REFRESH,
                                Method.CHANNEL_BIND,
                                Method.CREATE_PERMISSION,
                                Method.SEND)
                        .get(random.nextInt(5));
        TransactionId id = TransactionId.random(random);
        StunMessage.Builder builder =
                method == Method.SEND
                        ? StunMessage.indication(method, id)
                        : StunMessage.request(method, id);
        return builder.with(Attributes.XOR_PEER_ADDRESS, peer)
                .with(Attributes.DATA, new byte[random.nextInt(20)])
                .with(Attributes.CHANNEL_NUMBER, random.nextInt(65536))
                .with(Attributes.USERNAME, TestConfiguration.USER)
                .with(Attributes.REALM, "example.org")
                .with(Attributes.NONCE, "obMatJos2AAAA")
                .integrity(Integrity.SHA1, IntegrityKey.shortTerm("wrong"))
                .build();
    }
}
