package io.hairpin.stun;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The formats of attributes whose value has several parts.
final class RecordFormats {
    /// RFC 8489 allows a reason phrase of 127 characters, which is at most so many bytes.
    static final int MAX_REASON_BYTES = 763;

    /// `reserved (21 bits) | class (3) | number (8) | reason`, RFC 8489 §14.8.
    static final AttributeFormat<ErrorValue> ERROR =
            AttributeFormat.of(
                    error -> errorBytes(0, error.code(), error.reason()),
                    bytes ->
                            errorCode(bytes)
                                    .flatMap(
                                            code ->
                                                    reason(bytes)
                                                            .map(r -> new ErrorValue(code, r))));

    /// `family (8 bits) | reserved (13) | class (3) | number (8) | reason`, RFC 8656 §18.12.
    static final AttributeFormat<AddressError> ADDRESS_ERROR =
            AttributeFormat.of(
                    error -> errorBytes(error.family().code(), error.code(), error.reason()),
                    bytes ->
                            errorCode(bytes)
                                    .flatMap(
                                            code ->
                                                    addressError(
                                                            bytes, bytes.get(0) & 0xFF, code)));

    /// `reserved (16 bits) | type (7) | code (9) | data (32)`, RFC 8656 §18.13.
    static final AttributeFormat<IcmpError> ICMP =
            AttributeFormat.fixed(
                    8,
                    (bytes, icmp) ->
                            bytes.putInt((icmp.type() << 9) | icmp.code()).putInt(icmp.data()),
                    bytes -> {
                        int head = bytes.getInt();
                        return Optional.of(
                                new IcmpError(
                                        (head >> 9) & IcmpError.MAX_TYPE,
                                        head & IcmpError.MAX_CODE,
                                        bytes.getInt()));
                    });

    /// `zero (29 bits) | change address | change port | zero`, RFC 5780 §7.2.
    static final AttributeFormat<ChangeRequest> CHANGE_REQUEST =
            AttributeFormat.fixed(
                    4,
                    (bytes, change) ->
                            bytes.putInt((change.address() ? 4 : 0) | (change.port() ? 2 : 0)),
                    bytes -> {
                        int bits = bytes.getInt();
                        return Optional.of(new ChangeRequest((bits & 4) != 0, (bits & 2) != 0));
                    });

    /// `reserved (16 bits) | request (8) | response (8)`, RFC 7982 §3.1.
    static final AttributeFormat<TransmitCounter> TRANSMIT_COUNTER =
            AttributeFormat.fixed(
                    4,
                    (bytes, counter) -> bytes.putInt((counter.request() << 8) | counter.response()),
                    bytes -> {
                        int bits = bytes.getInt();
                        return Optional.of(new TransmitCounter((bits >> 8) & 0xFF, bits & 0xFF));
                    });

    /// `reserved (29 bits) | ECN field (2) | valid (1)`, RFC 6679 §7.2.2.
    static final AttributeFormat<EcnCheck> ECN_CHECK =
            AttributeFormat.fixed(
                    4,
                    (bytes, ecn) -> bytes.putInt((ecn.field() << 1) | (ecn.valid() ? 1 : 0)),
                    bytes -> {
                        int bits = bytes.getInt();
                        return Optional.of(new EcnCheck((bits >> 1) & 0b11, (bits & 1) != 0));
                    });

    /// Any number of `number (16 bits) | length (16) | parameters | padding`, RFC 8489 §14.11.
    static final AttributeFormat<List<PasswordAlgorithm>> PASSWORD_ALGORITHMS =
            AttributeFormat.of(RecordFormats::algorithmBytes, RecordFormats::algorithms);

    /// One of these, RFC 8489 §14.12.
    static final AttributeFormat<PasswordAlgorithm> PASSWORD_ALGORITHM =
            AttributeFormat.of(
                    algorithm -> algorithmBytes(List.of(algorithm)),
                    bytes ->
                            algorithms(bytes).filter(list -> list.size() == 1).map(List::getFirst));

    private RecordFormats() {}

    private static byte[] errorBytes(int family, int code, String reason) {
        byte[] text = AttributeFormat.atMost(MAX_REASON_BYTES, AttributeFormat.utf8(reason));
        return ByteBuffer.allocate(4 + text.length)
                .putInt((family << 24) | ((code / 100) << 8) | (code % 100))
                .put(text)
                .array();
    }

    private static Optional<Integer> errorCode(ByteBuffer bytes) {
        if (bytes.remaining() < 4) {
            return Optional.empty();
        }
        int head = bytes.getInt();
        int hundreds = (head >> 8) & 0b111;
        int number = head & 0xFF;
        return hundreds < 3 || hundreds > 6 || number > 99
                ? Optional.empty()
                : Optional.of(hundreds * 100 + number);
    }

    private static Optional<String> reason(ByteBuffer bytes) {
        return bytes.remaining() > MAX_REASON_BYTES
                ? Optional.empty()
                : AttributeFormat.text(bytes);
    }

    private static Optional<AddressError> addressError(ByteBuffer bytes, int family, int code) {
        return AddressFamily.of(family)
                .flatMap(f -> reason(bytes).map(text -> new AddressError(f, code, text)));
    }

    private static byte[] algorithmBytes(List<PasswordAlgorithm> algorithms) {
        int length =
                algorithms.stream()
                        .mapToInt(a -> 4 + StunHeader.padded(a.parametersHex().length() / 2))
                        .sum();
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (PasswordAlgorithm algorithm : algorithms) {
            byte[] parameters = algorithm.parameters();
            bytes.putShort((short) algorithm.number());
            bytes.putShort((short) parameters.length);
            bytes.put(parameters);
            bytes.position(StunHeader.padded(bytes.position()));
        }
        return bytes.array();
    }

    /// The padding of the last one may be missing: it may count as that of the attribute.
    private static Optional<List<PasswordAlgorithm>> algorithms(ByteBuffer bytes) {
        List<PasswordAlgorithm> algorithms = new ArrayList<>();
        while (bytes.hasRemaining()) {
            if (bytes.remaining() < 4) {
                return Optional.empty();
            }
            int number = bytes.getShort() & 0xFFFF;
            int length = bytes.getShort() & 0xFFFF;
            if (bytes.remaining() < length) {
                return Optional.empty();
            }
            byte[] parameters = new byte[length];
            bytes.get(parameters);
            int padding = StunHeader.padded(length) - length;
            bytes.position(bytes.position() + Math.min(padding, bytes.remaining()));
            algorithms.add(new PasswordAlgorithm(number, HexFormat.of().formatHex(parameters)));
        }
        return Optional.of(List.copyOf(algorithms));
    }
}
