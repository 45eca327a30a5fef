package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;

/// The test vectors of RFC 5769.
class Rfc5769Test {
    private static final IntegrityKey KEY = IntegrityKey.shortTerm("VOkJxbRl1RmTxUk/WvJxBt");
    private static final TransactionId ID = TransactionId.of(0xb7e7a701, 0xbc34d686fa87dfaeL);

    /// §2.1; its padding is spaces, so we cannot write the same bytes.
    @Test
    void sampleRequest() {
        StunMessage message =
                Hex.message(
                        """
                        00010058 2112a442 b7e7a701 bc34d686 fa87dfae
                        80220010 5354554e 20746573 7420636c 69656e74
                        00240004 6e0001ff
                        80290008 932ff9b1 51263b36
                        00060009 6576746a 3a683676 59202020
                        00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
                        80280004 e57a3bcf
                        """);

        assertThat(message.messageClass()).isEqualTo(MessageClass.REQUEST);
        assertThat(message.method()).isEqualTo(Method.BINDING);
        assertThat(message.transactionId()).isEqualTo(ID);
        assertThat(message.isClassic()).isFalse();
        assertThat(message.find(Attributes.SOFTWARE)).contains("STUN test client");
        assertThat(message.find(Attributes.PRIORITY)).contains(0x6e0001ffL);
        assertThat(message.find(Attributes.ICE_CONTROLLED)).contains(0x932ff9b151263b36L);
        assertThat(message.find(Attributes.USERNAME)).contains("evtj:h6vY");
        assertThat(message.malformedAttributes()).isEmpty();
        assertThat(message.verify(Integrity.SHA1, KEY)).isTrue();
        assertThat(message.hasValidFingerprint()).isTrue();
    }

    /// §2.2
    @Test
    void sampleIpv4Response() {
        StunMessage message =
                Hex.message(
                        """
                        0101003c 2112a442 b7e7a701 bc34d686 fa87dfae
                        8022000b 74657374 20766563 746f7220
                        00200008 0001a147 e112a643
                        00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7
                        80280004 c07d4c96
                        """);

        assertThat(message.messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
        assertThat(message.find(Attributes.SOFTWARE)).contains("test vector");
        assertThat(message.find(Attributes.XOR_MAPPED_ADDRESS))
                .contains(new InetSocketAddress("192.0.2.1", 32853));
        assertThat(message.verify(Integrity.SHA1, KEY)).isTrue();
        assertThat(message.hasValidFingerprint()).isTrue();
    }

    /// §2.3
    @Test
    void sampleIpv6Response() {
        StunMessage message =
                Hex.message(
                        """
                        01010048 2112a442 b7e7a701 bc34d686 fa87dfae
                        8022000b 74657374 20766563 746f7220
                        00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
                        00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41
                        80280004 c8fb0b4c
                        """);

        assertThat(message.find(Attributes.XOR_MAPPED_ADDRESS))
                .contains(new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32853));
        assertThat(message.verify(Integrity.SHA1, KEY)).isTrue();
        assertThat(message.hasValidFingerprint()).isTrue();
    }

    /// §2.4; the password is given as SASLprep leaves it, since OpaqueString forbids U+00AD.
    @Test
    void sampleRequestWithLongTermAuthentication() {
        byte[] bytes =
                Hex.bytes(
                        """
                        00010060 2112a442 78ad3433 c6ad72c0 29da412e
                        00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000
                        0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341
                        0014000b 6578616d 706c652e 6f726700
                        00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666
                        """);
        String username = "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9";
        String nonce = "f//499k954d6OL34oL9FSTvy64sA";
        IntegrityKey key =
                IntegrityKey.longTerm(PasswordAlgorithm.MD5, username, "example.org", "TheMatrIX");

        StunMessage message = Hex.message(bytes);
        StunMessage built =
                StunMessage.request(
                                Method.BINDING, TransactionId.of(0x78ad3433, 0xc6ad72c029da412eL))
                        .with(Attributes.USERNAME, username)
                        .with(Attributes.NONCE, nonce)
                        .with(Attributes.REALM, "example.org")
                        .integrity(Integrity.SHA1, key)
                        .build();

        assertThat(message.find(Attributes.USERNAME)).contains(username);
        assertThat(message.find(Attributes.NONCE)).contains(nonce);
        assertThat(message.find(Attributes.REALM)).contains("example.org");
        assertThat(message.verify(Integrity.SHA1, key)).isTrue();
        assertThat(built.toBytes()).isEqualTo(bytes);
    }
}
