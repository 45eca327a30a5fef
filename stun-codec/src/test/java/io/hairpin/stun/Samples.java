package io.hairpin.stun;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/// Values for every registered attribute, and messages made of them.
///
/// Edge cases are those of the values; combined ones would leave no room for anything else.
final class Samples {
    /// An attribute of some type with a value that fits.
    record Attribute<T>(AttributeType<T> type, T value) {
        void addTo(StunMessage.Builder builder) {
            builder.with(type, value);
        }

        byte[] encoded(TransactionId id) {
            return type.format().encode(value, id);
        }
    }

    private static final Map<AttributeFormat<?>, Arbitrary<?>> BY_FORMAT =
            Map.ofEntries(
                    Map.entry(AttributeFormat.FLAG, Arbitraries.of(Present.class)),
                    Map.entry(AttributeFormat.BIT, Arbitraries.of(true, false)),
                    Map.entry(AttributeFormat.UINT8, Arbitraries.integers().between(0, 0xFF)),
                    Map.entry(AttributeFormat.UINT16, Arbitraries.integers().between(0, 0xFFFF)),
                    Map.entry(AttributeFormat.PORT, Arbitraries.integers().between(0, 0xFFFF)),
                    Map.entry(AttributeFormat.UINT32, Arbitraries.longs().between(0, 0xFFFF_FFFFL)),
                    Map.entry(AttributeFormat.UINT64, Arbitraries.longs()),
                    Map.entry(
                            AttributeFormat.UINT16_LIST,
                            Arbitraries.integers().between(0, 0xFFFF).list().ofMaxSize(9)),
                    Map.entry(AddressFormat.PLAIN, addresses()),
                    Map.entry(AddressFormat.XOR, addresses()),
                    Map.entry(RecordFormats.ERROR, errors()),
                    Map.entry(RecordFormats.ADDRESS_ERROR, addressErrors()),
                    Map.entry(RecordFormats.ICMP, icmpErrors()),
                    Map.entry(RecordFormats.CHANGE_REQUEST, changeRequests()),
                    Map.entry(RecordFormats.TRANSMIT_COUNTER, counters()),
                    Map.entry(RecordFormats.ECN_CHECK, ecnChecks()),
                    Map.entry(RecordFormats.PASSWORD_ALGORITHM, algorithms()),
                    Map.entry(RecordFormats.PASSWORD_ALGORITHMS, algorithms().list().ofMaxSize(4)));

    private Samples() {}

    static Arbitrary<TransactionId> transactionIds() {
        return Combinators.combine(
                        Arbitraries.of(TransactionId.MAGIC_COOKIE, 0x01020304),
                        Arbitraries.integers(),
                        Arbitraries.longs())
                .as(TransactionId::new);
    }

    /// Builders without integrity and fingerprint.
    static Arbitrary<StunMessage.Builder> builders() {
        return Combinators.combine(
                        Arbitraries.of(MessageClass.class),
                        Arbitraries.of(Method.class),
                        transactionIds(),
                        attributes().list().ofMaxSize(8))
                .as(Samples::builder)
                .edgeCases(EdgeCases.Config::none);
    }

    static Arbitrary<StunMessage> messages() {
        return Combinators.combine(builders(), integrities(), Arbitraries.of(true, false))
                .as(
                        (builder, integrities, fingerprint) -> {
                            integrities.forEach(kind -> builder.integrity(kind, key()));
                            return fingerprint ? builder.fingerprint().build() : builder.build();
                        })
                .edgeCases(EdgeCases.Config::none);
    }

    static Arbitrary<List<Integrity>> integrities() {
        return Arbitraries.of(Integrity.class).list().uniqueElements().ofMaxSize(2);
    }

    static IntegrityKey key() {
        return IntegrityKey.longTerm(PasswordAlgorithm.MD5, "alice", "example.org", "secret");
    }

    /// Any attribute but those that speak about the rest of the message.
    static Arbitrary<Attribute<?>> attributes() {
        List<AttributeType<?>> types =
                Attributes.all().stream()
                        .filter(type -> type != Attributes.MESSAGE_INTEGRITY)
                        .filter(type -> type != Attributes.MESSAGE_INTEGRITY_SHA256)
                        .filter(type -> type != Attributes.FINGERPRINT)
                        .toList();
        return Arbitraries.of(types).flatMap(Samples::attribute).edgeCases(EdgeCases.Config::none);
    }

    static Arbitrary<InetSocketAddress> addresses() {
        Arbitrary<byte[]> hosts =
                Arbitraries.oneOf(
                        Arbitraries.bytes().array(byte[].class).ofSize(4),
                        Arbitraries.bytes().array(byte[].class).ofSize(16),
                        Arbitraries.just(Hex.bytes("00000000 00000000 0000ffff 7f000001")));
        return Combinators.combine(hosts, Arbitraries.integers().between(0, 0xFFFF))
                .as((host, port) -> new InetSocketAddress(AddressFormat.inetAddress(host), port));
    }

    static StunMessage.Builder builder(
            MessageClass messageClass, Method method, TransactionId id, List<Attribute<?>> with) {
        StunMessage.Builder builder =
                switch (messageClass) {
                    case REQUEST -> StunMessage.request(method, id);
                    case INDICATION -> StunMessage.indication(method, id);
                    case SUCCESS_RESPONSE -> StunMessage.success(method, id);
                    case ERROR_RESPONSE -> StunMessage.error(method, id, ErrorCode.BAD_REQUEST);
                };
        with.forEach(attribute -> attribute.addTo(builder));
        return builder;
    }

    @SuppressWarnings("unchecked") // BY_FORMAT pairs each format with values of its type
    private static <T> Arbitrary<Attribute<?>> attribute(AttributeType<T> type) {
        Arbitrary<?> byFormat = BY_FORMAT.get(type.format());
        Arbitrary<?> values = byFormat != null ? byFormat : textOrBytes(type);
        return values.map(value -> new Attribute<>(type, (T) value));
    }

    /// Formats with limits are made for each attribute anew, so these go by what they refuse.
    private static Arbitrary<?> textOrBytes(AttributeType<?> type) {
        if (type == Attributes.USERHASH) {
            return Arbitraries.bytes().array(byte[].class).ofSize(UserHash.BYTES);
        }
        if (type == Attributes.DATA
                || type == Attributes.PADDING
                || type == Attributes.ACCESS_TOKEN
                || type == Attributes.MOBILITY_TICKET) {
            return Arbitraries.bytes().array(byte[].class).ofMaxSize(64);
        }
        return texts();
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("aZ09 :@\u00e9\u03c0\u30de")
                .ofMaxLength(40)
                .map(text -> text + (text.length() % 2 == 0 ? "\uD83D\uDE00" : ""));
    }

    private static Arbitrary<ErrorValue> errors() {
        return Combinators.combine(Arbitraries.integers().between(300, 699), texts())
                .as(ErrorValue::new);
    }

    private static Arbitrary<AddressError> addressErrors() {
        return Combinators.combine(Arbitraries.of(AddressFamily.class), errors())
                .as((family, error) -> new AddressError(family, error.code(), error.reason()));
    }

    private static Arbitrary<IcmpError> icmpErrors() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, IcmpError.MAX_TYPE),
                        Arbitraries.integers().between(0, IcmpError.MAX_CODE),
                        Arbitraries.integers())
                .as(IcmpError::new);
    }

    private static Arbitrary<ChangeRequest> changeRequests() {
        return Combinators.combine(Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as(ChangeRequest::new);
    }

    private static Arbitrary<TransmitCounter> counters() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 255),
                        Arbitraries.integers().between(0, 255))
                .as(TransmitCounter::new);
    }

    private static Arbitrary<EcnCheck> ecnChecks() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3), Arbitraries.of(true, false))
                .as(EcnCheck::new);
    }

    private static Arbitrary<PasswordAlgorithm> algorithms() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 0xFFFF),
                        Arbitraries.of("", "00", "0102", "abcdef", "00112233", "0011223344"))
                .as(PasswordAlgorithm::new);
    }
}
