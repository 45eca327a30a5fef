package io.hairpin.stun;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The attributes of the IANA STUN registry, in its order.
public final class Attributes {
    /// RFC 8489 §14.3: fewer than 509 bytes; but clients of RFC 5389 may write [#MAX_TEXT_BYTES].
    static final int MAX_USERNAME_BYTES = 508;

    /// RFC 8489 §14.9, §14.10, §14.14: fewer than 128 characters, which are at most so many bytes.
    static final int MAX_TEXT_BYTES = 763;

    /// RFC 8489 §14.16: a DNS name.
    static final int MAX_DOMAIN_BYTES = 255;

    /// What the length field of an attribute allows.
    static final int MAX_BYTES = 0xFFFF;

    private static final Map<Integer, AttributeType<?>> BY_CODE = new LinkedHashMap<>();

    public static final AttributeType<InetSocketAddress> MAPPED_ADDRESS =
            of(0x0001, "MAPPED-ADDRESS", AddressFormat.PLAIN);
    public static final AttributeType<ChangeRequest> CHANGE_REQUEST =
            of(0x0003, "CHANGE-REQUEST", RecordFormats.CHANGE_REQUEST);
    public static final AttributeType<String> USERNAME =
            of(0x0006, "USERNAME", AttributeFormat.text(MAX_USERNAME_BYTES, MAX_TEXT_BYTES));
    public static final AttributeType<byte[]> MESSAGE_INTEGRITY =
            of(0x0008, "MESSAGE-INTEGRITY", AttributeFormat.exactly(Integrity.SHA1.tagBytes()));
    public static final AttributeType<ErrorValue> ERROR_CODE =
            of(0x0009, "ERROR-CODE", RecordFormats.ERROR);
    public static final AttributeType<List<Integer>> UNKNOWN_ATTRIBUTES =
            of(0x000A, "UNKNOWN-ATTRIBUTES", AttributeFormat.UINT16_LIST);
    public static final AttributeType<Integer> CHANNEL_NUMBER =
            of(0x000C, "CHANNEL-NUMBER", AttributeFormat.UINT16);
    /// Seconds.
    public static final AttributeType<Long> LIFETIME =
            of(0x000D, "LIFETIME", AttributeFormat.UINT32);
    public static final AttributeType<InetSocketAddress> XOR_PEER_ADDRESS =
            of(0x0012, "XOR-PEER-ADDRESS", AddressFormat.XOR);
    public static final AttributeType<byte[]> DATA =
            of(0x0013, "DATA", AttributeFormat.bytes(MAX_BYTES));
    public static final AttributeType<String> REALM =
            of(0x0014, "REALM", AttributeFormat.text(MAX_TEXT_BYTES));
    public static final AttributeType<String> NONCE =
            of(0x0015, "NONCE", AttributeFormat.text(MAX_TEXT_BYTES));
    public static final AttributeType<InetSocketAddress> XOR_RELAYED_ADDRESS =
            of(0x0016, "XOR-RELAYED-ADDRESS", AddressFormat.XOR);
    /// The raw family code, so that one we do not know can be answered with 440.
    public static final AttributeType<Integer> REQUESTED_ADDRESS_FAMILY =
            of(0x0017, "REQUESTED-ADDRESS-FAMILY", AttributeFormat.UINT8);
    /// The R bit: whether the next-higher port shall be reserved.
    public static final AttributeType<Boolean> EVEN_PORT =
            of(0x0018, "EVEN-PORT", AttributeFormat.BIT);
    /// An IP protocol number.
    public static final AttributeType<Integer> REQUESTED_TRANSPORT =
            of(0x0019, "REQUESTED-TRANSPORT", AttributeFormat.UINT8);
    public static final AttributeType<Present> DONT_FRAGMENT =
            of(0x001A, "DONT-FRAGMENT", AttributeFormat.FLAG);
    public static final AttributeType<byte[]> ACCESS_TOKEN =
            of(0x001B, "ACCESS-TOKEN", AttributeFormat.bytes(MAX_BYTES));
    public static final AttributeType<byte[]> MESSAGE_INTEGRITY_SHA256 =
            of(0x001C, "MESSAGE-INTEGRITY-SHA256", AttributeFormat.words(16, 32));
    public static final AttributeType<PasswordAlgorithm> PASSWORD_ALGORITHM =
            of(0x001D, "PASSWORD-ALGORITHM", RecordFormats.PASSWORD_ALGORITHM);
    public static final AttributeType<byte[]> USERHASH =
            of(0x001E, "USERHASH", AttributeFormat.exactly(UserHash.BYTES));
    public static final AttributeType<InetSocketAddress> XOR_MAPPED_ADDRESS =
            of(0x0020, "XOR-MAPPED-ADDRESS", AddressFormat.XOR);
    public static final AttributeType<Long> RESERVATION_TOKEN =
            of(0x0022, "RESERVATION-TOKEN", AttributeFormat.UINT64);
    public static final AttributeType<Long> PRIORITY =
            of(0x0024, "PRIORITY", AttributeFormat.UINT32);
    public static final AttributeType<Present> USE_CANDIDATE =
            of(0x0025, "USE-CANDIDATE", AttributeFormat.FLAG);
    public static final AttributeType<byte[]> PADDING =
            of(0x0026, "PADDING", AttributeFormat.bytes(MAX_BYTES));
    public static final AttributeType<Integer> RESPONSE_PORT =
            of(0x0027, "RESPONSE-PORT", AttributeFormat.PORT);
    public static final AttributeType<Long> CONNECTION_ID =
            of(0x002A, "CONNECTION-ID", AttributeFormat.UINT32);

    /// The raw family code, as for [#REQUESTED_ADDRESS_FAMILY].
    public static final AttributeType<Integer> ADDITIONAL_ADDRESS_FAMILY =
            of(0x8000, "ADDITIONAL-ADDRESS-FAMILY", AttributeFormat.UINT8);
    public static final AttributeType<AddressError> ADDRESS_ERROR_CODE =
            of(0x8001, "ADDRESS-ERROR-CODE", RecordFormats.ADDRESS_ERROR);
    public static final AttributeType<List<PasswordAlgorithm>> PASSWORD_ALGORITHMS =
            of(0x8002, "PASSWORD-ALGORITHMS", RecordFormats.PASSWORD_ALGORITHMS);
    public static final AttributeType<String> ALTERNATE_DOMAIN =
            of(0x8003, "ALTERNATE-DOMAIN", AttributeFormat.text(MAX_DOMAIN_BYTES));
    public static final AttributeType<IcmpError> ICMP = of(0x8004, "ICMP", RecordFormats.ICMP);
    public static final AttributeType<String> SOFTWARE =
            of(0x8022, "SOFTWARE", AttributeFormat.text(MAX_TEXT_BYTES));
    public static final AttributeType<InetSocketAddress> ALTERNATE_SERVER =
            of(0x8023, "ALTERNATE-SERVER", AddressFormat.PLAIN);
    public static final AttributeType<TransmitCounter> TRANSACTION_TRANSMIT_COUNTER =
            of(0x8025, "TRANSACTION_TRANSMIT_COUNTER", RecordFormats.TRANSMIT_COUNTER);
    /// Seconds.
    public static final AttributeType<Long> CACHE_TIMEOUT =
            of(0x8027, "CACHE-TIMEOUT", AttributeFormat.UINT32);
    public static final AttributeType<Long> FINGERPRINT =
            of(0x8028, "FINGERPRINT", AttributeFormat.UINT32);
    public static final AttributeType<Long> ICE_CONTROLLED =
            of(0x8029, "ICE-CONTROLLED", AttributeFormat.UINT64);
    public static final AttributeType<Long> ICE_CONTROLLING =
            of(0x802A, "ICE-CONTROLLING", AttributeFormat.UINT64);
    public static final AttributeType<InetSocketAddress> RESPONSE_ORIGIN =
            of(0x802B, "RESPONSE-ORIGIN", AddressFormat.PLAIN);
    public static final AttributeType<InetSocketAddress> OTHER_ADDRESS =
            of(0x802C, "OTHER-ADDRESS", AddressFormat.PLAIN);
    public static final AttributeType<EcnCheck> ECN_CHECK =
            of(0x802D, "ECN-CHECK STUN", RecordFormats.ECN_CHECK);
    /// The name of the server that access tokens are meant for.
    public static final AttributeType<String> THIRD_PARTY_AUTHORIZATION =
            of(0x802E, "THIRD-PARTY-AUTHORIZATION", AttributeFormat.text(MAX_TEXT_BYTES));
    public static final AttributeType<byte[]> MOBILITY_TICKET =
            of(0x8030, "MOBILITY-TICKET", AttributeFormat.bytes(MAX_BYTES));

    private Attributes() {}

    public static Optional<AttributeType<?>> of(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    public static Collection<AttributeType<?>> all() {
        return Collections.unmodifiableCollection(BY_CODE.values());
    }

    private static <T> AttributeType<T> of(int code, String name, AttributeFormat<T> format) {
        AttributeType<T> type = new AttributeType<>(code, name, format);
        if (BY_CODE.put(code, type) != null) {
            throw new IllegalStateException("two attributes have the type " + code);
        }
        return type;
    }
}
