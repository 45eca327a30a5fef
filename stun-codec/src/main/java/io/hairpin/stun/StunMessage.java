package io.hairpin.stun;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// A STUN message: its exact bytes, and views of what they say. Immutable.
///
/// Attributes that a receiver has to ignore for where they stand (behind integrity, or a
/// FINGERPRINT that is not last) are in the bytes, and nowhere else. Two messages are equal when
/// their bytes are.
public final class StunMessage {
    private final byte[] bytes;
    private final MessageClass messageClass;
    private final Method method;
    private final TransactionId transactionId;

    /// Where the attributes begin that count, in order.
    private final int[] offsets;

    StunMessage(
            byte[] bytes,
            MessageClass messageClass,
            Method method,
            TransactionId transactionId,
            int[] offsets) {
        this.bytes = bytes;
        this.messageClass = messageClass;
        this.method = method;
        this.transactionId = transactionId;
        this.offsets = offsets;
    }

    public static Builder request(Method method, TransactionId id) {
        return new Builder(MessageClass.REQUEST, method, id);
    }

    public static Builder indication(Method method, TransactionId id) {
        return new Builder(MessageClass.INDICATION, method, id);
    }

    public static Builder success(Method method, TransactionId id) {
        return new Builder(MessageClass.SUCCESS_RESPONSE, method, id);
    }

    /// An error response that has its ERROR-CODE already.
    public static Builder error(Method method, TransactionId id, ErrorCode code) {
        return error(method, id, ErrorValue.of(code));
    }

    /// The same in other words than those of the registry.
    public static Builder error(Method method, TransactionId id, ErrorValue error) {
        return new Builder(MessageClass.ERROR_RESPONSE, method, id)
                .with(Attributes.ERROR_CODE, error);
    }

    public MessageClass messageClass() {
        return messageClass;
    }

    public Method method() {
        return method;
    }

    public TransactionId transactionId() {
        return transactionId;
    }

    /// Whether this is a message of RFC 3489, whose sender knows no XOR addresses.
    public boolean isClassic() {
        return transactionId.isClassic();
    }

    /// The value of the first attribute of this type; empty also if that value is malformed.
    public <T> Optional<T> find(AttributeType<T> type) {
        return attributes(type.code()).mapToObj(at -> value(type, at)).findFirst().flatMap(v -> v);
    }

    /// The well-formed values of this type, in order.
    public <T> List<T> findAll(AttributeType<T> type) {
        return attributes(type.code())
                .mapToObj(at -> value(type, at))
                .flatMap(Optional::stream)
                .toList();
    }

    public boolean has(AttributeType<?> type) {
        return attributes(type.code()).findAny().isPresent();
    }

    /// The attributes that count, in order.
    public List<Integer> attributeCodes() {
        return Arrays.stream(offsets).map(this::code).boxed().toList();
    }

    /// Those the receiver must understand, each once; which of them it does is for it to say.
    public List<Integer> comprehensionRequired() {
        return Arrays.stream(offsets)
                .map(this::code)
                .filter(AttributeType::comprehensionRequired)
                .distinct()
                .boxed()
                .toList();
    }

    /// The registered attributes with a value that breaks their format, each once.
    public List<Integer> malformedAttributes() {
        List<Integer> malformed = new ArrayList<>();
        for (int at : offsets) {
            int code = code(at);
            boolean broken =
                    Attributes.of(code).filter(type -> value(type, at).isEmpty()).isPresent();
            if (broken && !malformed.contains(code)) {
                malformed.add(code);
            }
        }
        return List.copyOf(malformed);
    }

    /// The strongest integrity attribute present, be it valid or not.
    public Optional<Integrity> integrity() {
        if (has(Attributes.MESSAGE_INTEGRITY_SHA256)) {
            return Optional.of(Integrity.SHA256);
        }
        return has(Attributes.MESSAGE_INTEGRITY) ? Optional.of(Integrity.SHA1) : Optional.empty();
    }

    /// Whether the message has this integrity attribute and it was made with this key.
    ///
    /// The tag is compared in constant time. One of SHA-256 may be cut to 16 bytes; a usage that
    /// does not want that looks at the length of its value.
    public boolean verify(Integrity integrity, IntegrityKey key) {
        AttributeType<byte[]> type = integrity.attribute();
        int at = attributes(type.code()).findFirst().orElse(-1);
        if (at < 0) {
            return false;
        }
        Optional<byte[]> tag = value(type, at);
        if (tag.isEmpty()) {
            return false;
        }
        int length = tag.get().length;
        byte[] expected = key.tag(integrity, bytes, at, length);
        return MessageDigest.isEqual(Arrays.copyOf(expected, length), tag.get());
    }

    /// Whether the message ends in a FINGERPRINT that fits.
    public boolean hasValidFingerprint() {
        Optional<Long> value = find(Attributes.FINGERPRINT);
        int covered = bytes.length - Fingerprint.ATTRIBUTE_BYTES;
        return value.isPresent() && value.get() == Fingerprint.of(bytes, covered);
    }

    /// The number of bytes on the wire.
    public int length() {
        return bytes.length;
    }

    public void writeTo(ByteBuffer target) {
        target.put(bytes);
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StunMessage message && Arrays.equals(bytes, message.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Names the attributes and tells no values, some of which are secret.
    @Override
    public String toString() {
        List<String> names =
                attributeCodes().stream()
                        .map(
                                code ->
                                        Attributes.of(code)
                                                .map(AttributeType::name)
                                                .orElseGet(() -> "0x%04X".formatted(code)))
                        .toList();
        return method + " " + messageClass + " " + transactionId + " " + names;
    }

    private IntStream attributes(int code) {
        return Arrays.stream(offsets).filter(at -> code(at) == code);
    }

    private int code(int at) {
        return uint16(at);
    }

    private int uint16(int at) {
        return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
    }

    private <T> Optional<T> value(AttributeType<T> type, int at) {
        int length = uint16(at + 2);
        ByteBuffer value =
                ByteBuffer.wrap(bytes, at + StunHeader.ATTRIBUTE_HEADER_BYTES, length).slice();
        return type.format().decode(value, transactionId);
    }

    /// Puts a message together; attributes keep the order they are given in, integrity and
    /// fingerprint come last.
    public static final class Builder {
        private final MessageClass messageClass;
        private final Method method;
        private final TransactionId id;
        private final Map<Integrity, IntegrityKey> integrity = new EnumMap<>(Integrity.class);
        private boolean fingerprint;

        /// Whole attributes, padded.
        private final List<byte[]> attributes = new ArrayList<>();

        private Builder(MessageClass messageClass, Method method, TransactionId id) {
            this.messageClass = messageClass;
            this.method = method;
            this.id = id;
        }

        /// Throws `IllegalArgumentException` for a value the attribute cannot carry.
        public <T> Builder with(AttributeType<T> type, T value) {
            attributes.add(attribute(type.code(), type.format().encode(value, id)));
            return this;
        }

        /// Protects the message; both kinds may be asked for, SHA-1 then stands first.
        public Builder integrity(Integrity kind, IntegrityKey key) {
            integrity.put(kind, key);
            return this;
        }

        public Builder fingerprint() {
            fingerprint = true;
            return this;
        }

        /// Throws `IllegalArgumentException` for more than fits into one message.
        public StunMessage build() {
            int length = attributes.stream().mapToInt(attribute -> attribute.length).sum();
            for (Integrity kind : integrity.keySet()) {
                length += StunHeader.ATTRIBUTE_HEADER_BYTES + kind.tagBytes();
            }
            length += fingerprint ? Fingerprint.ATTRIBUTE_BYTES : 0;
            if (length > StunHeader.MAX_LENGTH) {
                throw new IllegalArgumentException("too long for a STUN message: " + length);
            }
            byte[] message = new byte[StunHeader.BYTES + length];
            write(message, length);
            return switch (StunDecoder.decode(message)) {
                case Decoded.Message(StunMessage built) -> built;
                case Decoded.Malformed(Decoded.Reason reason) ->
                        throw new IllegalArgumentException("not a message: " + reason);
            };
        }

        private void write(byte[] message, int length) {
            ByteBuffer bytes = ByteBuffer.wrap(message);
            bytes.putShort((short) StunHeader.type(messageClass, method));
            bytes.putShort((short) length);
            bytes.putInt(id.cookie()).putInt(id.high()).putLong(id.low());
            attributes.forEach(bytes::put);
            integrity.forEach(
                    (kind, key) -> {
                        byte[] tag = key.tag(kind, message, bytes.position(), kind.tagBytes());
                        bytes.put(attribute(kind.attribute().code(), tag));
                    });
            if (fingerprint) {
                long crc = Fingerprint.of(message, bytes.position());
                AttributeType<Long> type = Attributes.FINGERPRINT;
                bytes.put(attribute(type.code(), type.format().encode(crc, id)));
            }
        }

        /// The padding needs no writing: the buffer comes as zeros.
        private static byte[] attribute(int code, byte[] value) {
            int length = StunHeader.ATTRIBUTE_HEADER_BYTES + StunHeader.padded(value.length);
            return ByteBuffer.allocate(length)
                    .putShort((short) code)
                    .putShort((short) value.length)
                    .put(value)
                    .array();
        }
    }
}
