package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.joining;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Messages that a browser and coturn sent each other, from a data channel relayed on loopback.
class CapturedMessagesTest {
    private static final IntegrityKey KEY =
            IntegrityKey.longTerm(PasswordAlgorithm.MD5, "alice", "example.org", "correct-horse");

    /// What the peer that was checked had in its SDP.
    private static final IntegrityKey ICE_KEY = IntegrityKey.shortTerm("iAJO6vzvCwc2PD6LpJNWNGis");

    @Test
    void chromiumAsksForItsAddress() throws IOException {
        StunMessage message = message("chromium-binding-request");

        assertThat(message.method()).isEqualTo(Method.BINDING);
        assertThat(message.messageClass()).isEqualTo(MessageClass.REQUEST);
        assertThat(message.attributeCodes()).isEmpty();
    }

    @Test
    void coturnTellsIt() throws IOException {
        StunMessage message = message("coturn-binding-success");
        InetSocketAddress client = onLoopback(47846);

        assertThat(message.find(Attributes.XOR_MAPPED_ADDRESS)).contains(client);
        assertThat(message.find(Attributes.MAPPED_ADDRESS)).contains(client);
        assertThat(message.find(Attributes.RESPONSE_ORIGIN)).contains(onLoopback(23478));
        assertThat(message.find(Attributes.SOFTWARE)).contains("Coturn-4.6.1 'Gorst'");
        assertThat(message.hasValidFingerprint()).isTrue();
    }

    @Test
    void chromiumAllocatesWithoutCredentialsFirst() throws IOException {
        StunMessage message = message("chromium-allocate-request");

        assertThat(message.method()).isEqualTo(Method.ALLOCATE);
        assertThat(message.find(Attributes.REQUESTED_TRANSPORT)).contains(17);
        assertThat(message.integrity()).isEmpty();
    }

    @Test
    void coturnChallengesIt() throws IOException {
        StunMessage message = message("coturn-allocate-error");

        assertThat(message.messageClass()).isEqualTo(MessageClass.ERROR_RESPONSE);
        assertThat(message.find(Attributes.ERROR_CODE).orElseThrow().code()).isEqualTo(401);
        assertThat(message.find(Attributes.REALM)).contains("example.org");
        assertThat(message.find(Attributes.NONCE)).contains("a33adc5221cb8742");
        assertThat(NonceCookie.features("a33adc5221cb8742")).isEmpty();
        assertThat(message.hasValidFingerprint()).isTrue();
    }

    @Test
    void chromiumAllocatesWithThem() throws IOException {
        StunMessage message = message("chromium-allocate-request-authenticated");

        assertThat(message.find(Attributes.USERNAME)).contains("alice");
        assertThat(message.find(Attributes.NONCE)).contains("a33adc5221cb8742");
        assertThat(message.integrity()).contains(Integrity.SHA1);
        assertThat(message.verify(Integrity.SHA1, KEY)).isTrue();
        assertThat(message.verify(Integrity.SHA1, ICE_KEY)).isFalse();
    }

    @Test
    void coturnAnswersWithTheRelayedAddress() throws IOException {
        StunMessage message = message("coturn-allocate-success");

        assertThat(message.find(Attributes.XOR_RELAYED_ADDRESS)).contains(onLoopback(42080));
        assertThat(message.find(Attributes.LIFETIME)).contains(600L);
        assertThat(message.verify(Integrity.SHA1, KEY)).isTrue();
        assertThat(message.hasValidFingerprint()).isTrue();
    }

    @Test
    void chromiumCreatesAPermissionAndBindsAChannel() throws IOException {
        StunMessage permission = message("chromium-create-permission-request");
        StunMessage channel = message("chromium-channel-bind-request");

        assertThat(permission.find(Attributes.XOR_PEER_ADDRESS)).contains(onLoopback(42080));
        assertThat(permission.verify(Integrity.SHA1, KEY)).isTrue();
        assertThat(channel.find(Attributes.CHANNEL_NUMBER)).contains(0x4000);
        assertThat(channel.find(Attributes.XOR_PEER_ADDRESS)).contains(onLoopback(42011));
        assertThat(channel.verify(Integrity.SHA1, KEY)).isTrue();
    }

    @Test
    void chromiumSendsAConnectivityCheckThroughTheRelay() throws IOException {
        StunMessage check = sent("chromium-send-ice-check");

        assertThat(check.messageClass()).isEqualTo(MessageClass.REQUEST);
        assertThat(check.find(Attributes.USERNAME)).contains("2L5D:Q8Sc");
        assertThat(check.has(Attributes.ICE_CONTROLLING)).isTrue();
        assertThat(check.has(Attributes.USE_CANDIDATE)).isTrue();
        assertThat(check.find(Attributes.PRIORITY)).contains(0x6e001fffL);
        // GOOG-NETWORK-INFO
        assertThat(check.find(AttributeType.of(0xC057))).contains(Hex.bytes("000003e7"));
        assertThat(check.verify(Integrity.SHA1, ICE_KEY)).isTrue();
        assertThat(check.hasValidFingerprint()).isTrue();
    }

    @Test
    void chromiumAnswersOne() throws IOException {
        StunMessage answer = sent("chromium-send-ice-response");

        assertThat(answer.messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
        assertThat(answer.transactionId())
                .isEqualTo(sent("chromium-send-ice-check").transactionId());
        assertThat(answer.verify(Integrity.SHA1, ICE_KEY)).isTrue();
        assertThat(answer.hasValidFingerprint()).isTrue();
    }

    /// Over UDP Chromium leaves the padding out.
    @Test
    void chromiumSendsOnItsChannel() throws IOException {
        byte[] bytes = bytes("chromium-channel-data");
        ByteBuffer buffer = ByteBuffer.wrap(bytes);

        assertThat(PacketKind.of(bytes[0])).isEqualTo(PacketKind.CHANNEL_DATA);
        assertThat(ChannelData.channel(buffer, 0)).isEqualTo(0x4000);
        assertThat(ChannelData.length(buffer, 0)).isEqualTo(118);
        assertThat(bytes).hasSize(122);
        assertThat(ChannelData.isWhole(buffer, 0, bytes.length)).isTrue();
        assertThat(StreamFraming.frameLength(buffer, 0, bytes.length))
                .isEqualTo(StreamFraming.NEED_MORE);
    }

    @Test
    void chromiumGivesItsAllocationBack() throws IOException {
        StunMessage request = message("chromium-refresh-request");
        StunMessage response = message("coturn-refresh-success");

        assertThat(request.find(Attributes.LIFETIME)).contains(0L);
        assertThat(request.verify(Integrity.SHA1, KEY)).isTrue();
        assertThat(response.transactionId()).isEqualTo(request.transactionId());
        assertThat(response.find(Attributes.LIFETIME)).contains(0L);
        assertThat(response.verify(Integrity.SHA1, KEY)).isTrue();
    }

    /// The STUN message inside a Send indication.
    private static StunMessage sent(String name) throws IOException {
        byte[] bytes = bytes(name);
        SendIndication send = new SendIndication();

        assertThat(send.wrap(ByteBuffer.wrap(bytes), 0, bytes.length))
                .isEqualTo(SendIndication.Outcome.OK);
        byte[] data = new byte[send.dataLength()];
        ByteBuffer.wrap(bytes).get(send.dataOffset(), data);
        assertThat(message(name).find(Attributes.DATA)).contains(data);
        assertThat(message(name).find(Attributes.XOR_PEER_ADDRESS))
                .contains(
                        TransportAddress.socketAddress(
                                send.peerHigh(), send.peerLow(), send.peerPort()));
        return Hex.message(data);
    }

    private static InetSocketAddress onLoopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    private static StunMessage message(String name) throws IOException {
        StunMessage message = Hex.message(bytes(name));
        assertThat(message.malformedAttributes()).isEmpty();
        return message;
    }

    private static byte[] bytes(String name) throws IOException {
        String path = "captured/" + name + ".hex";
        try (InputStream stream = CapturedMessagesTest.class.getResourceAsStream(path)) {
            byte[] file = Objects.requireNonNull(stream, path).readAllBytes();
            return Hex.bytes(
                    new String(file, StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .collect(joining()));
        }
    }
}
