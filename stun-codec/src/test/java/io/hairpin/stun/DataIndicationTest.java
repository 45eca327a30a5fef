package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

class DataIndicationTest {
    private static final TransactionId ID = TransactionId.of(0x89abcdef, 0xfedcba9876543210L);

    @Test
    void headerDataAndPaddingAreTheMessage() {
        for (InetSocketAddress peer :
                List.of(
                        new InetSocketAddress("203.0.113.250", 65535),
                        new InetSocketAddress("2001:db8:ffff:fffe:8000::1", 1))) {
            for (int length = 0; length <= 5; length++) {
                byte[] data = Hex.bytes("0102030405".substring(0, 2 * length));
                int header = DataIndication.headerBytes(AddressFamily.of(peer.getAddress()));
                int padding = DataIndication.paddingOf(length);
                byte[] message = new byte[header + length + padding];
                ByteBuffer buffer = ByteBuffer.allocate(3 + message.length).put(3 + header, data);

                TransportAddress address = TransportAddress.of(peer);
                DataIndication.writeHeader(
                        buffer,
                        3,
                        ID.high(),
                        ID.low(),
                        address.high(),
                        address.low(),
                        address.port(),
                        length);
                buffer.get(3, message);

                assertThat(Hex.message(message))
                        .isEqualTo(
                                StunMessage.indication(Method.DATA, ID)
                                        .with(Attributes.XOR_PEER_ADDRESS, peer)
                                        .with(Attributes.DATA, data)
                                        .build());
            }
        }
    }

    @Test
    void theHeaderHasTheSizeOfItsFamily() {
        assertThat(DataIndication.headerBytes(AddressFamily.IPV4)).isEqualTo(36);
        assertThat(DataIndication.headerBytes(AddressFamily.IPV6)).isEqualTo(48);
    }
}
