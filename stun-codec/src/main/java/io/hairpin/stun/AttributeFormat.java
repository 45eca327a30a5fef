package io.hairpin.stun;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// How the value of an attribute is written; a handful of formats serve all of them.
///
/// Padding is not part of a value. Bits the RFCs reserve are written as zero and not looked at.
interface AttributeFormat<T> {
    /// Throws `IllegalArgumentException` for a value the attribute cannot carry.
    byte[] encode(T value, TransactionId id);

    /// Reads the value that is all of `bytes`; empty if it breaks the format.
    Optional<T> decode(ByteBuffer bytes, TransactionId id);

    /// Nothing: the attribute says all by being there.
    AttributeFormat<Present> FLAG =
            fixed(0, (bytes, value) -> {}, bytes -> Optional.of(Present.PRESENT));

    /// One byte, then three reserved ones.
    AttributeFormat<Integer> UINT8 =
            fixed(
                    4,
                    (bytes, value) -> bytes.put((byte) checked(value, 0xFF)),
                    bytes -> Optional.of(bytes.get() & 0xFF));

    /// Two bytes, then two reserved ones.
    AttributeFormat<Integer> UINT16 =
            fixed(
                    4,
                    (bytes, value) -> bytes.putShort((short) checked(value, 0xFFFF)),
                    bytes -> Optional.of(bytes.getShort() & 0xFFFF));

    /// Two bytes; RFC 5780 §7.5 pads them to four and does not say whether the length counts that.
    AttributeFormat<Integer> PORT =
            of(
                    port -> ByteBuffer.allocate(4).putShort((short) checked(port, 0xFFFF)).array(),
                    bytes ->
                            bytes.remaining() == 2 || bytes.remaining() == 4
                                    ? Optional.of(bytes.getShort() & 0xFFFF)
                                    : Optional.empty());

    /// An unsigned number of 32 bits.
    AttributeFormat<Long> UINT32 =
            fixed(
                    4,
                    (bytes, value) -> bytes.putInt((int) checked(value, 0xFFFF_FFFFL)),
                    bytes -> Optional.of(Integer.toUnsignedLong(bytes.getInt())));

    /// Any 64 bits.
    AttributeFormat<Long> UINT64 =
            fixed(8, ByteBuffer::putLong, bytes -> Optional.of(bytes.getLong()));

    /// The first bit of one byte.
    AttributeFormat<Boolean> BIT =
            fixed(
                    1,
                    (bytes, value) -> bytes.put((byte) (value ? 0x80 : 0)),
                    bytes -> Optional.of(bytes.get() < 0));

    /// Any number of 16-bit attribute types.
    AttributeFormat<List<Integer>> UINT16_LIST =
            of(
                    values -> {
                        ByteBuffer bytes = ByteBuffer.allocate(values.size() * Short.BYTES);
                        values.forEach(value -> bytes.putShort((short) checked(value, 0xFFFF)));
                        return bytes.array();
                    },
                    bytes -> {
                        if (bytes.remaining() % Short.BYTES != 0) {
                            return Optional.empty();
                        }
                        List<Integer> values = new ArrayList<>();
                        while (bytes.hasRemaining()) {
                            values.add(bytes.getShort() & 0xFFFF);
                        }
                        return Optional.of(List.copyOf(values));
                    });

    /// UTF-8 of at most so many bytes, without a sequence that Unicode forbids.
    static AttributeFormat<String> text(int maxBytes) {
        return text(maxBytes, maxBytes);
    }

    /// The same where others may write more than we do.
    static AttributeFormat<String> text(int maxWritten, int maxRead) {
        return of(
                text -> atMost(maxWritten, utf8(text)),
                bytes -> bytes.remaining() > maxRead ? Optional.empty() : text(bytes));
    }

    /// Plain bytes, at most so many.
    static AttributeFormat<byte[]> bytes(int maxBytes) {
        return of(
                value -> atMost(maxBytes, value.clone()),
                bytes ->
                        bytes.remaining() > maxBytes ? Optional.empty() : Optional.of(rest(bytes)));
    }

    /// Whole words of four bytes, between `minBytes` and `maxBytes` together.
    static AttributeFormat<byte[]> words(int minBytes, int maxBytes) {
        return of(
                value -> {
                    if (value.length < minBytes || value.length % 4 != 0) {
                        throw new IllegalArgumentException("not a tag: " + value.length + " bytes");
                    }
                    return atMost(maxBytes, value.clone());
                },
                bytes -> {
                    int length = bytes.remaining();
                    return length < minBytes || length > maxBytes || length % 4 != 0
                            ? Optional.empty()
                            : Optional.of(rest(bytes));
                });
    }

    /// Plain bytes, exactly so many.
    static AttributeFormat<byte[]> exactly(int length) {
        return fixed(
                length,
                (bytes, value) -> {
                    if (value.length != length) {
                        throw new IllegalArgumentException("not " + length + " bytes");
                    }
                    bytes.put(value);
                },
                bytes -> Optional.of(rest(bytes)));
    }

    /// A format of one length that does not depend on the transaction.
    static <T> AttributeFormat<T> fixed(
            int length, Writer<T> writer, Function<ByteBuffer, Optional<T>> reader) {
        return of(
                value -> {
                    ByteBuffer bytes = ByteBuffer.allocate(length);
                    writer.write(bytes, value);
                    return bytes.array();
                },
                bytes -> bytes.remaining() == length ? reader.apply(bytes) : Optional.empty());
    }

    /// A format that does not depend on the transaction.
    static <T> AttributeFormat<T> of(
            Function<T, byte[]> encoder, Function<ByteBuffer, Optional<T>> decoder) {
        return new AttributeFormat<>() {
            @Override
            public byte[] encode(T value, TransactionId id) {
                return encoder.apply(value);
            }

            @Override
            public Optional<T> decode(ByteBuffer bytes, TransactionId id) {
                return decoder.apply(bytes);
            }
        };
    }

    /// Puts a value into a buffer of zeros that has just the right size.
    @FunctionalInterface
    interface Writer<T> {
        void write(ByteBuffer bytes, T value);
    }

    static byte[] utf8(String text) {
        try {
            return rest(StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)));
        } catch (CharacterCodingException unpairedSurrogate) {
            throw new IllegalArgumentException("no Unicode text", unpairedSurrogate);
        }
    }

    static Optional<String> text(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    static byte[] rest(ByteBuffer bytes) {
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }

    static byte[] atMost(int maxBytes, byte[] value) {
        if (value.length > maxBytes) {
            throw new IllegalArgumentException(value.length + " bytes, of at most " + maxBytes);
        }
        return value;
    }

    static long checked(long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(value + " is not within 0 and " + max);
        }
        return value;
    }
}
