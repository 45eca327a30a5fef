package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Any bytes are a value; one that is a message can be looked at from every side.
class DecoderFuzzTest {
    private static final IntegrityKey KEY = IntegrityKey.shortTerm("VOkJxbRl1RmTxUk/WvJxBt");

    @FuzzTest
    void decodingIsTotal(byte[] bytes) {
        if (StunDecoder.decode(ByteBuffer.wrap(bytes)) instanceof Decoded.Message(var message)) {
            assertThat(message.toBytes()).isEqualTo(bytes);
            assertThat(message.toString()).isNotEmpty();
            assertThat(message.attributeCodes()).containsAll(message.comprehensionRequired());
            message.malformedAttributes()
                    .forEach(code -> assertThat(Attributes.of(code)).isPresent());
            Attributes.all().forEach(type -> assertThat(message.findAll(type)).isNotNull());
            for (Integrity integrity : Integrity.values()) {
                if (message.verify(integrity, KEY)) {
                    assertThat(message.has(integrity.attribute())).isTrue();
                }
            }
            if (message.hasValidFingerprint()) {
                assertThat(message.attributeCodes().getLast())
                        .isEqualTo(Attributes.FINGERPRINT.code());
            }
        }
    }

    /// The inputs of the other test.
    static Stream<byte[]> messages() throws IOException, URISyntaxException {
        String folder = "DecoderFuzzTestInputs/decodingIsTotal";
        URL found = Objects.requireNonNull(DecoderFuzzTest.class.getResource(folder));
        try (Stream<Path> files = Files.list(Path.of(found.toURI()))) {
            List<byte[]> inputs = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                inputs.add(Files.readAllBytes(file));
            }
            return inputs.stream();
        }
    }

    /// Whatever value an attribute is read to have, it is written as that value.
    @MethodSource("messages")
    @FuzzTest
    void whatWasDecodedIsEncodedAgain(byte[] bytes) {
        if (StunDecoder.decode(ByteBuffer.wrap(bytes)) instanceof Decoded.Message(var message)) {
            Attributes.all().forEach(type -> assertRoundTrip(type, message));
        }
    }

    private static <T> void assertRoundTrip(AttributeType<T> type, StunMessage message) {
        TransactionId id = message.transactionId();
        for (T value : message.findAll(type)) {
            byte[] once = type.format().encode(value, id);
            T again = type.format().decode(ByteBuffer.wrap(once), id).orElseThrow();

            assertThat(type.format().encode(again, id)).as(type.name()).isEqualTo(once);
        }
    }
}
