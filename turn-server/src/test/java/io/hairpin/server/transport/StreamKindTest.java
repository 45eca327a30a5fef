package io.hairpin.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

class StreamKindTest {

    @ParameterizedTest
    @CsvSource({
        "0001, TURN", // a Binding request
        "0003, TURN", // an Allocate request
        "4000, TURN", // ChannelData on the first channel
        "4FFF, TURN", // and on the last
        "7FFE, TURN", // the last of RFC 5766
        "1603, TLS",
        "0D0A, UNKNOWN", // half a header of the PROXY protocol
        "8000, UNKNOWN",
        "1700, UNKNOWN", // a TLS record, yet no handshake
        "FFFF, UNKNOWN"
    })
    void theFirstBytesTell(String first, StreamKind kind) {
        assertThat(StreamKind.of(bytes(HexFormat.of().parseHex(first + "0008")))).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "PUT /",
                "POST /",
                "HEAD /",
                "OPTIONS *",
                "DELETE /",
                "CONNECT host:443",
                "PROPFIND /",
                "BASELINE-CONTROL /",
                "PRI * HTTP/2.0"
            })
    void everyMethodOfHttpIsOne(String line) {
        assertThat(StreamKind.of(bytes(line.getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(StreamKind.HTTP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY TCP4 ", "\r\n\r\n\0\r\nQUIT\n"})
    void bothVersionsOfTheHeaderOfProxiesAreKnown(String begin) {
        assertThat(StreamKind.of(bytes(begin.getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(StreamKind.PROXY);
    }

    @Property
    void fourBytesTellAndFewerDoNot(@ForAll @Size(max = 6) byte[] bytes) {
        StreamKind kind = StreamKind.of(bytes(bytes));

        assertThat(kind == null).isEqualTo(bytes.length < 4);
    }

    private static ByteBuf bytes(byte[] bytes) {
        return Unpooled.wrappedBuffer(bytes);
    }
}
