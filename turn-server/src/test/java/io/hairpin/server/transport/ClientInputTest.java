package io.hairpin.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.net.Datagram;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.Transport;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What becomes of the packets of a client that has no allocation.
class ClientInputTest {

    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 3478);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("198.51.100.1", 4000);

    private final List<StunMessage> messages = new ArrayList<>();
    private final List<DropReason> drops = new ArrayList<>();
    private final ClientInput input = new ClientInput(SERVER, new Messages(), new Drops());

    @Test
    void dataOnAChannelIsDroppedWithoutAnAnswer() {
        receive(HexFormat.of().parseHex("40000001ff000000"));

        assertThat(drops).containsExactly(DropReason.NO_ALLOCATION);
        assertThat(messages).isEmpty();
    }

    @Test
    void aSendIndicationIsDroppedWithoutAnAnswer() {
        receive(
                StunMessage.indication(Method.SEND, TransactionId.of(1, 2))
                        .with(Attributes.XOR_PEER_ADDRESS, CLIENT)
                        .with(Attributes.DATA, new byte[] {1})
                        .build()
                        .toBytes());

        assertThat(drops).containsExactly(DropReason.NO_ALLOCATION);
        assertThat(messages).isEmpty();
    }

    /// RFC 7983 leaves them to others, or to nobody; 0x14 to 0x3F are for DTLS, and a listener that
    /// speaks it keeps them.
    @ParameterizedTest
    @ValueSource(ints = {0x04, 0x0F, 0x10, 0x13, 0x14, 0x3F, 0x80, 0xBF, 0xC0, 0xFF})
    void packetsOfOtherProtocolsAreDropped(int first) {
        byte[] packet = new byte[20];
        packet[0] = (byte) first;

        receive(packet);

        assertThat(drops).containsExactly(DropReason.MALFORMED);
        assertThat(messages).isEmpty();
    }

    @Test
    void aRequestIsForTheCore() {
        StunMessage request = StunMessage.request(Method.BINDING, TransactionId.of(1, 2)).build();

        receive(request.toBytes());

        assertThat(messages).containsExactly(request);
        assertThat(drops).isEmpty();
    }

    private void receive(byte[] packet) {
        Datagram datagram = new Datagram();
        datagram.wrap(ByteBuffer.wrap(packet));
        FiveTuple tuple = new FiveTuple(Transport.UDP, CLIENT, SERVER);
        input.received(datagram, tuple, null);
    }

    private final class Messages implements Control {

        @Override
        public void received(FiveTuple from, StunMessage message) {
            messages.add(message);
        }

        @Override
        public @Nullable DropReason refusal(long high, long low) {
            return null;
        }

        @Override
        public void connected(FiveTuple client, ConnectedClient link) {
            throw new AssertionError("nobody connects");
        }

        @Override
        public void closed(FiveTuple client, ConnectedClient link) {
            throw new AssertionError("nobody connects");
        }
    }

    private final class Drops implements Traffic {

        @Override
        public void relayedToPeer(int bytes) {
            throw new AssertionError("there is no relay");
        }

        @Override
        public void relayedToClient(int bytes) {
            throw new AssertionError("there is no relay");
        }

        @Override
        public void dropped(DropReason reason, long packets) {
            drops.add(reason);
        }

        @Override
        public void refused(RefusalReason reason) {
            throw new AssertionError("there is no connection");
        }
    }
}
