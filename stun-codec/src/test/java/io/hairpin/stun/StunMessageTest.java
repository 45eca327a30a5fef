package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

class StunMessageTest {
    private static final TransactionId ID = TransactionId.of(0x01020304, 0x05060708090A0B0CL);

    @Test
    void whatIsBuiltCanBeRead() {
        IntegrityKey key =
                IntegrityKey.longTerm(PasswordAlgorithm.MD5, "alice", "example.org", "secret");
        InetSocketAddress peer = new InetSocketAddress("192.0.2.1", 4000);

        StunMessage built =
                StunMessage.request(Method.CREATE_PERMISSION, ID)
                        .with(Attributes.XOR_PEER_ADDRESS, peer)
                        .with(Attributes.USERNAME, "alice")
                        .integrity(Integrity.SHA1, key)
                        .integrity(Integrity.SHA256, key)
                        .fingerprint()
                        .build();
        Decoded decoded = StunDecoder.decode(ByteBuffer.wrap(built.toBytes()));

        assertThat(decoded).isEqualTo(new Decoded.Message(built));
        assertThat(built.method()).isEqualTo(Method.CREATE_PERMISSION);
        assertThat(built.messageClass()).isEqualTo(MessageClass.REQUEST);
        assertThat(built.transactionId()).isEqualTo(ID);
        assertThat(built.find(Attributes.XOR_PEER_ADDRESS)).contains(peer);
        assertThat(built.verify(Integrity.SHA1, key)).isTrue();
        assertThat(built.verify(Integrity.SHA256, key)).isTrue();
        assertThat(built.integrity()).contains(Integrity.SHA256);
        assertThat(built.hasValidFingerprint()).isTrue();
        assertThat(built.malformedAttributes()).isEmpty();
    }
}
