package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The test vector of RFC 8489 appendix B.1, as erratum 6268 has it: what was printed says a length
/// its attributes do not have, and lacks PASSWORD-ALGORITHM.
class Rfc8489VectorsTest {
    private static final String USERNAME = "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9";
    private static final String REALM = "example.org";
    private static final String NONCE = "obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA";
    private static final IntegrityKey KEY =
            IntegrityKey.longTerm(PasswordAlgorithm.SHA_256, USERNAME, REALM, "TheMatrIX");
    private static final byte[] BYTES =
            Hex.bytes(
                    """
                    00010090 2112a442 78ad3433 c6ad72c0 29da412e
                    001e0020 4a3cf38f ef6992bd a952c678 0417da0f
                             24819415 569e60b2 05c46e41 407f1704
                    00150029 6f624d61 744a6f73 32414141 43662f2f 3439396b 39353464
                             364f4c33 346f4c39 46535476 79363473 41000000
                    0014000b 6578616d 706c652e 6f726700
                    001d0004 00020000
                    001c0020 b5c7bf00 5b6c52a2 1c51c5e8 92f81924
                             136296cb 927c4314 9309278c c6518e65
                    """);

    @Test
    void theSampleRequestIsRead() {
        StunMessage message = Hex.message(BYTES);

        assertThat(message.find(Attributes.USERHASH)).contains(UserHash.of(USERNAME, REALM));
        assertThat(message.find(Attributes.NONCE)).contains(NONCE);
        assertThat(message.find(Attributes.REALM)).contains(REALM);
        assertThat(message.find(Attributes.PASSWORD_ALGORITHM)).contains(PasswordAlgorithm.SHA_256);
        assertThat(message.integrity()).contains(Integrity.SHA256);
        assertThat(message.verify(Integrity.SHA256, KEY)).isTrue();
        assertThat(message.verify(Integrity.SHA1, KEY)).isFalse();
        assertThat(message.malformedAttributes()).isEmpty();
    }

    @Test
    void theSampleRequestIsWrittenByteForByte() {
        StunMessage built =
                StunMessage.request(
                                Method.BINDING, TransactionId.of(0x78ad3433, 0xc6ad72c029da412eL))
                        .with(Attributes.USERHASH, UserHash.of(USERNAME, REALM))
                        .with(Attributes.NONCE, NONCE)
                        .with(Attributes.REALM, REALM)
                        .with(Attributes.PASSWORD_ALGORITHM, PasswordAlgorithm.SHA_256)
                        .integrity(Integrity.SHA256, KEY)
                        .build();

        assertThat(built.toBytes()).isEqualTo(BYTES);
    }

    /// The sample sets the second bit from the right, where §18.1 has bit 22; we go by §18.1.
    @Test
    void theSampleNonceCarriesACookieButNoFeatureThatIsRegistered() {
        assertThat(NonceCookie.features(NONCE).orElseThrow()).isEmpty();
    }

    @Test
    void whatWasPrintedInsteadIsNoMessage() {
        byte[] printed = BYTES.clone();
        printed[3] = (byte) 0x9c;

        assertThat(Hex.reason(printed)).isEqualTo(Decoded.Reason.WRONG_LENGTH);
    }
}
