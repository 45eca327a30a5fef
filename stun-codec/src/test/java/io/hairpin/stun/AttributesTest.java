package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// Each attribute as its RFC lays it out.
class AttributesTest {
    private static final TransactionId ID = TransactionId.of(0xb7e7a701, 0xbc34d686fa87dfaeL);
    private static final InetSocketAddress IPV4 = new InetSocketAddress("192.0.2.1", 32853);
    private static final InetSocketAddress IPV6 =
            new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32853);

    @Test
    void addresses() {
        for (var type :
                List.of(
                        Attributes.MAPPED_ADDRESS,
                        Attributes.ALTERNATE_SERVER,
                        Attributes.RESPONSE_ORIGIN,
                        Attributes.OTHER_ADDRESS)) {
            assertWire(type, IPV4, "00018055 c0000201");
            assertWire(type, IPV6, "00028055 20010db8 12345678 00112233 44556677");
        }
    }

    @Test
    void xorAddresses() {
        for (var type :
                List.of(
                        Attributes.XOR_MAPPED_ADDRESS,
                        Attributes.XOR_PEER_ADDRESS,
                        Attributes.XOR_RELAYED_ADDRESS)) {
            assertWire(type, IPV4, "0001a147 e112a643");
            assertWire(type, IPV6, "0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9");
        }
    }

    @Test
    void addressesIgnoreTheReservedByteAndWantTheLengthOfTheirFamily() {
        assertThat(decode(Attributes.MAPPED_ADDRESS, "ff018055 c0000201")).contains(IPV4);
        assertMalformed(
                Attributes.MAPPED_ADDRESS,
                "",
                "000180",
                "00018055",
                "00018055 c00002",
                "00018055 c0000201 00",
                "00028055 c0000201",
                "00008055 c0000201",
                "00038055 c0000201",
                "00018055 20010db8 12345678 00112233 44556677");
    }

    @Test
    void anIpv4MappedAddressStaysWhatItWasOnTheWire() throws Exception {
        String wire = "00021234 00000000 00000000 0000ffff 7f000001";

        InetAddress address = decode(Attributes.MAPPED_ADDRESS, wire).orElseThrow().getAddress();

        assertThat(address).isInstanceOf(Inet6Address.class);
        assertThat(AddressFamily.of(address)).isEqualTo(AddressFamily.IPV6);
        assertWire(Attributes.MAPPED_ADDRESS, new InetSocketAddress(address, 0x1234), wire);
    }

    @Test
    void unresolvedAddressesAreRefused() {
        assertRefused(
                Attributes.XOR_PEER_ADDRESS, InetSocketAddress.createUnresolved("peer.test", 1));
    }

    @Test
    void numbers() {
        assertWire(Attributes.LIFETIME, 600L, "00000258");
        assertWire(Attributes.LIFETIME, 0xFFFFFFFFL, "ffffffff");
        assertWire(Attributes.PRIORITY, 0x6e0001ffL, "6e0001ff");
        assertWire(Attributes.CONNECTION_ID, 0x80000001L, "80000001");
        assertWire(Attributes.CACHE_TIMEOUT, 1L, "00000001");
        assertWire(Attributes.FINGERPRINT, 0xe57a3bcfL, "e57a3bcf");
        assertWire(Attributes.RESERVATION_TOKEN, 0x0102030405060708L, "01020304 05060708");
        assertWire(Attributes.ICE_CONTROLLED, -1L, "ffffffff ffffffff");
        assertWire(Attributes.ICE_CONTROLLING, 1L, "00000000 00000001");
        assertWire(Attributes.CHANNEL_NUMBER, 0x4001, "40010000");
        assertWire(Attributes.REQUESTED_TRANSPORT, 17, "11000000");
        assertWire(Attributes.REQUESTED_ADDRESS_FAMILY, 2, "02000000");
        assertWire(Attributes.ADDITIONAL_ADDRESS_FAMILY, 0xFF, "ff000000");

        assertThat(decode(Attributes.CHANNEL_NUMBER, "4001ffff")).contains(0x4001);
        assertThat(decode(Attributes.REQUESTED_TRANSPORT, "11ffffff")).contains(17);
        assertThat(decode(Attributes.REQUESTED_ADDRESS_FAMILY, "02ffffff")).contains(2);
        assertMalformed(Attributes.LIFETIME, "", "000258", "0000000258");
        assertMalformed(Attributes.RESERVATION_TOKEN, "", "01020304", "010203040506070809");
        assertMalformed(Attributes.CHANNEL_NUMBER, "", "4001", "400100", "4001000000");
        assertMalformed(Attributes.REQUESTED_TRANSPORT, "", "11", "1100000000");
        assertRefused(Attributes.LIFETIME, -1L);
        assertRefused(Attributes.LIFETIME, 0x100000000L);
        assertRefused(Attributes.CHANNEL_NUMBER, 0x10000);
        assertRefused(Attributes.REQUESTED_TRANSPORT, 256);
    }

    /// RFC 5780 §7.5 does not say whether its padding belongs to the length.
    @Test
    void aResponsePortMayBePaddedWithinItsValue() {
        assertWire(Attributes.RESPONSE_PORT, 0x1234, "12340000");
        assertThat(decode(Attributes.RESPONSE_PORT, "1234")).contains(0x1234);
        assertMalformed(Attributes.RESPONSE_PORT, "", "12", "123400", "1234000000");
    }

    @Test
    void flags() {
        assertWire(Attributes.DONT_FRAGMENT, Present.PRESENT, "");
        assertWire(Attributes.USE_CANDIDATE, Present.PRESENT, "");
        assertMalformed(Attributes.DONT_FRAGMENT, "00");
        assertWire(Attributes.EVEN_PORT, true, "80");
        assertWire(Attributes.EVEN_PORT, false, "00");
        assertThat(decode(Attributes.EVEN_PORT, "7f")).contains(false);
        assertMalformed(Attributes.EVEN_PORT, "", "8000", "80000000");
        assertWire(Attributes.CHANGE_REQUEST, new ChangeRequest(false, false), "00000000");
        assertWire(Attributes.CHANGE_REQUEST, new ChangeRequest(true, false), "00000004");
        assertWire(Attributes.CHANGE_REQUEST, new ChangeRequest(false, true), "00000002");
        assertThat(decode(Attributes.CHANGE_REQUEST, "fffffff9"))
                .contains(new ChangeRequest(false, false));
        assertMalformed(Attributes.CHANGE_REQUEST, "", "06");
    }

    @Test
    void text() {
        assertWire(Attributes.USERNAME, "Zoë", "5a6fc3ab");
        assertWire(Attributes.SOFTWARE, "", "");
        for (var type :
                List.of(
                        Attributes.USERNAME,
                        Attributes.REALM,
                        Attributes.NONCE,
                        Attributes.SOFTWARE,
                        Attributes.ALTERNATE_DOMAIN,
                        Attributes.THIRD_PARTY_AUTHORIZATION)) {
            // A lone continuation, an overlong slash, a surrogate, a cut sequence, beyond U+10FFFF.
            assertMalformed(type, "80", "c0af", "eda080", "e282", "f4908080");
            assertRefused(type, "\uD800");
        }
    }

    @Test
    void textHasTheLimitsOfItsRfc() {
        assertWire(Attributes.USERNAME, "a".repeat(508), "61".repeat(508));
        assertRefused(Attributes.USERNAME, "a".repeat(509));
        assertThat(decode(Attributes.USERNAME, "61".repeat(763))).contains("a".repeat(763));
        assertMalformed(Attributes.USERNAME, "61".repeat(764));
        assertLimit(Attributes.REALM, 763);
        assertLimit(Attributes.NONCE, 763);
        assertLimit(Attributes.SOFTWARE, 763);
        assertLimit(Attributes.ALTERNATE_DOMAIN, 255);
        assertLimit(Attributes.THIRD_PARTY_AUTHORIZATION, 763);
    }

    @Test
    void plainBytes() {
        for (var type :
                List.of(
                        Attributes.DATA,
                        Attributes.PADDING,
                        Attributes.ACCESS_TOKEN,
                        Attributes.MOBILITY_TICKET)) {
            assertWire(type, new byte[0], "");
            assertWire(type, new byte[] {1, 2, 3}, "010203");
            assertRefused(type, new byte[0x10000]);
        }
        assertWire(Attributes.USERHASH, Hex.bytes("ab".repeat(32)), "ab".repeat(32));
        assertMalformed(Attributes.USERHASH, "", "ab".repeat(31), "ab".repeat(33));
        assertRefused(Attributes.USERHASH, new byte[31]);
        assertWire(Attributes.MESSAGE_INTEGRITY, new byte[20], "00".repeat(20));
        assertMalformed(Attributes.MESSAGE_INTEGRITY, "", "00".repeat(16), "00".repeat(24));
        assertWire(Attributes.MESSAGE_INTEGRITY_SHA256, new byte[16], "00".repeat(16));
        assertMalformed(
                Attributes.MESSAGE_INTEGRITY_SHA256,
                "00".repeat(12),
                "00".repeat(18),
                "00".repeat(36));
        assertRefused(Attributes.MESSAGE_INTEGRITY_SHA256, new byte[12]);
        assertRefused(Attributes.MESSAGE_INTEGRITY_SHA256, new byte[18]);
        assertRefused(Attributes.MESSAGE_INTEGRITY_SHA256, new byte[36]);
    }

    @Test
    void errors() {
        assertWire(Attributes.ERROR_CODE, new ErrorValue(401, "No"), "00000401 4e6f");
        assertWire(Attributes.ERROR_CODE, new ErrorValue(699, ""), "00000663");
        assertThat(decode(Attributes.ERROR_CODE, "ffffff63")).isEmpty();
        assertThat(decode(Attributes.ERROR_CODE, "fffff463")).contains(new ErrorValue(499, ""));
        assertMalformed(
                Attributes.ERROR_CODE,
                "",
                "000004",
                "00000263",
                "00000700",
                "00000464",
                "00000401 80",
                "00000401" + "61".repeat(764));
        assertWire(
                Attributes.ERROR_CODE,
                new ErrorValue(500, "a".repeat(763)),
                "00000500" + "61".repeat(763));
        assertRefused(Attributes.ERROR_CODE, new ErrorValue(500, "a".repeat(764)));
        assertThatIllegalArgumentException().isThrownBy(() -> new ErrorValue(299, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new ErrorValue(700, ""));
    }

    @Test
    void addressErrors() {
        AddressError error = AddressError.of(AddressFamily.IPV6, ErrorCode.INSUFFICIENT_CAPACITY);

        assertWire(
                Attributes.ADDRESS_ERROR_CODE,
                error,
                "02000508 496e73756666696369656e74204361706163697479");
        assertMalformed(Attributes.ADDRESS_ERROR_CODE, "", "03000508", "00000508", "020005ff");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AddressError(AddressFamily.IPV4, 700, ""));
    }

    @Test
    void icmp() {
        assertWire(Attributes.ICMP, new IcmpError(3, 4, 1400), "00000604 00000578");
        assertWire(Attributes.ICMP, new IcmpError(127, 511, -1), "0000ffff ffffffff");
        assertThat(decode(Attributes.ICMP, "ffff0604 00000578"))
                .contains(new IcmpError(3, 4, 1400));
        assertMalformed(Attributes.ICMP, "", "00000604", "00000604 00000578 00");
        assertThatIllegalArgumentException().isThrownBy(() -> new IcmpError(128, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new IcmpError(0, 512, 0));
    }

    @Test
    void unknownAttributes() {
        assertWire(Attributes.UNKNOWN_ATTRIBUTES, List.of(0x7F00, 0xFFFF), "7f00ffff");
        assertWire(Attributes.UNKNOWN_ATTRIBUTES, List.of(), "");
        assertMalformed(Attributes.UNKNOWN_ATTRIBUTES, "7f", "7f00ff");
        assertRefused(Attributes.UNKNOWN_ATTRIBUTES, List.of(0x10000));
    }

    @Test
    void passwordAlgorithms() {
        assertWire(Attributes.PASSWORD_ALGORITHM, PasswordAlgorithm.SHA_256, "00020000");
        assertWire(
                Attributes.PASSWORD_ALGORITHMS,
                List.of(PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5),
                "00020000 00010000");
        assertWire(
                Attributes.PASSWORD_ALGORITHMS,
                List.of(new PasswordAlgorithm(9, "AABBCC"), PasswordAlgorithm.MD5),
                "00090003 aabbcc00 00010000");
        assertThat(decode(Attributes.PASSWORD_ALGORITHM, "00090003 aabbcc"))
                .contains(new PasswordAlgorithm(9, "aabbcc"));
        assertThat(decode(Attributes.PASSWORD_ALGORITHM, "00090003 aabbccff"))
                .contains(new PasswordAlgorithm(9, "aabbcc"));
        assertMalformed(
                Attributes.PASSWORD_ALGORITHM,
                "",
                "0002",
                "00020001",
                "00020000 00010000",
                "00090003 aabb");
        assertMalformed(Attributes.PASSWORD_ALGORITHMS, "00", "00020000 0001", "0002ffff 00");
        assertThatIllegalArgumentException().isThrownBy(() -> new PasswordAlgorithm(-1, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new PasswordAlgorithm(1, "a"));
    }

    @Test
    void counters() {
        assertWire(
                Attributes.TRANSACTION_TRANSMIT_COUNTER, new TransmitCounter(3, 255), "000003ff");
        assertThat(decode(Attributes.TRANSACTION_TRANSMIT_COUNTER, "ffff0301"))
                .contains(new TransmitCounter(3, 1));
        assertMalformed(Attributes.TRANSACTION_TRANSMIT_COUNTER, "", "0003");
        assertThatIllegalArgumentException().isThrownBy(() -> new TransmitCounter(256, 0));
        assertWire(Attributes.ECN_CHECK, new EcnCheck(3, true), "00000007");
        assertWire(Attributes.ECN_CHECK, new EcnCheck(2, false), "00000004");
        assertMalformed(Attributes.ECN_CHECK, "", "00000004 00");
        assertThatIllegalArgumentException().isThrownBy(() -> new EcnCheck(4, false));
    }

    @Test
    void anyNumberNamesAnAttribute() {
        AttributeType<byte[]> type = AttributeType.of(0x7F00);

        assertThat(type).hasToString("0x7F00");
        assertThat(type.comprehensionRequired()).isTrue();
        assertThat(AttributeType.of(0x8000).comprehensionRequired()).isFalse();
        assertWire(type, new byte[] {1}, "01");
        assertThat(Attributes.of(0x7F00)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> AttributeType.of(0x10000));
        assertThatIllegalArgumentException().isThrownBy(() -> AttributeType.of(-1));
    }

    private static <T> void assertWire(AttributeType<T> type, T value, String hex) {
        assertThat(type.format().encode(value, ID)).as("%s", type).isEqualTo(Hex.bytes(hex));
        assertThat(decode(type, hex)).as("%s", type).contains(value);
    }

    private static void assertMalformed(AttributeType<?> type, String... hexes) {
        for (String hex : hexes) {
            assertThat(decode(type, hex)).as("%s %s", type, hex).isEmpty();
        }
    }

    private static <T> void assertRefused(AttributeType<T> type, T value) {
        assertThatIllegalArgumentException()
                .as("%s", type)
                .isThrownBy(() -> type.format().encode(value, ID));
    }

    private static void assertLimit(AttributeType<String> type, int maxBytes) {
        assertWire(type, "a".repeat(maxBytes), "61".repeat(maxBytes));
        assertMalformed(type, "61".repeat(maxBytes + 1));
        assertRefused(type, "a".repeat(maxBytes + 1));
    }

    private static <T> Optional<T> decode(AttributeType<T> type, String hex) {
        return type.format().decode(ByteBuffer.wrap(Hex.bytes(hex)), ID);
    }
}
