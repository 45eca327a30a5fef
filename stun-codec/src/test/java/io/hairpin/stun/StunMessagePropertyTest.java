package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

class StunMessagePropertyTest {
    @Property
    void anyBytesAreAMessageOrAReason(@ForAll byte[] bytes) {
        assertThat(StunDecoder.decode(ByteBuffer.wrap(bytes))).isNotNull();
    }

    /// Mostly right bytes get further than random ones.
    @Property
    void aDamagedMessageIsStillAValue(@ForAll("damaged") byte[] bytes) {
        if (StunDecoder.decode(ByteBuffer.wrap(bytes)) instanceof Decoded.Message(var decoded)) {
            assertThat(decoded.toBytes()).isEqualTo(bytes);
            Attributes.all()
                    .forEach(
                            type -> {
                                boolean malformed =
                                        decoded.malformedAttributes().contains(type.code());
                                int found = decoded.findAll(type).size();
                                assertThat(decoded.has(type)).isEqualTo(found > 0 || malformed);
                            });
        }
    }

    @Property
    void decodingUndoesEncoding(@ForAll("messages") StunMessage message) {
        StunMessage decoded = Hex.message(message.toBytes());

        assertThat(decoded).isEqualTo(message);
        assertThat(decoded.malformedAttributes()).isEmpty();
        assertThat(decoded.attributeCodes()).isEqualTo(message.attributeCodes());
    }

    @Property
    void encodingUndoesDecoding(
            @ForAll("attributes") List<Samples.Attribute<?>> attributes,
            @ForAll("ids") TransactionId id) {
        StunMessage message =
                Samples.builder(MessageClass.REQUEST, Method.ALLOCATE, id, attributes).build();

        List<Samples.Attribute<?>> read = new ArrayList<>();
        for (int i = 0; i < attributes.size(); i++) {
            read.add(again(message, attributes, i));
        }

        assertThat(Samples.builder(MessageClass.REQUEST, Method.ALLOCATE, id, read).build())
                .isEqualTo(message);
    }

    @Property
    void integritySurvivesTheWireAndCoversEveryBitBeforeIt(
            @ForAll("builders") StunMessage.Builder builder,
            @ForAll Integrity integrity,
            @ForAll boolean fingerprint,
            @ForAll @IntRange(min = 0, max = Integer.MAX_VALUE) int where) {
        builder.integrity(integrity, Samples.key());
        StunMessage message = fingerprint ? builder.fingerprint().build() : builder.build();
        byte[] bytes = message.toBytes();
        int covered = bytes.length - (fingerprint ? Fingerprint.ATTRIBUTE_BYTES : 0);

        assertThat(Hex.message(bytes).verify(integrity, Samples.key())).isTrue();

        flip(bytes, where % (covered * Byte.SIZE));
        if (StunDecoder.decode(ByteBuffer.wrap(bytes)) instanceof Decoded.Message(var changed)) {
            assertThat(changed.verify(integrity, Samples.key())).isFalse();
        }
    }

    @Property
    void theFingerprintCoversEveryBit(
            @ForAll("builders") StunMessage.Builder builder,
            @ForAll @IntRange(min = 0, max = Integer.MAX_VALUE) int where) {
        byte[] bytes = builder.fingerprint().build().toBytes();

        assertThat(Hex.message(bytes).hasValidFingerprint()).isTrue();

        flip(bytes, where % (bytes.length * Byte.SIZE));
        if (StunDecoder.decode(ByteBuffer.wrap(bytes)) instanceof Decoded.Message(var changed)) {
            assertThat(changed.hasValidFingerprint()).isFalse();
        }
    }

    /// Values come back equal, or as a value that is written the same way.
    private static Samples.Attribute<?> again(
            StunMessage message, List<Samples.Attribute<?>> attributes, int index) {
        AttributeType<?> type = attributes.get(index).type();
        int earlier =
                (int) attributes.subList(0, index).stream().filter(a -> a.type() == type).count();
        return nth(message, type, earlier);
    }

    private static <T> Samples.Attribute<T> nth(StunMessage message, AttributeType<T> type, int n) {
        return new Samples.Attribute<>(type, message.findAll(type).get(n));
    }

    private static void flip(byte[] bytes, int bit) {
        bytes[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
    }

    @Provide
    Arbitrary<StunMessage> messages() {
        return Samples.messages();
    }

    @Provide
    Arbitrary<StunMessage.Builder> builders() {
        return Samples.builders();
    }

    @Provide
    Arbitrary<List<Samples.Attribute<?>>> attributes() {
        return Samples.attributes().list().ofMaxSize(10).edgeCases(EdgeCases.Config::none);
    }

    @Provide
    Arbitrary<TransactionId> ids() {
        return Samples.transactionIds();
    }

    /// A message with a few bytes changed, its length in the header mostly left alone.
    @Provide
    Arbitrary<byte[]> damaged() {
        Arbitrary<Integer> places = Arbitraries.integers().between(0, 1_000_000);
        return Combinators.combine(
                        Samples.messages(),
                        places.list().ofMinSize(1).ofMaxSize(4),
                        Arbitraries.bytes())
                .as(
                        (message, damage, value) -> {
                            byte[] bytes = message.toBytes();
                            for (int place : damage) {
                                bytes[place % bytes.length] = value;
                            }
                            return bytes;
                        })
                .edgeCases(EdgeCases.Config::none);
    }
}
