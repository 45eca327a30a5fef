package io.hairpin.stun;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Bytes written out in a test: hexadecimal, spaces and line breaks at will.
final class Hex {
    private Hex() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    static StunMessage message(byte[] bytes) {
        return switch (StunDecoder.decode(ByteBuffer.wrap(bytes))) {
            case Decoded.Message(StunMessage message) -> message;
            case Decoded.Malformed(Decoded.Reason reason) -> throw new AssertionError(reason);
        };
    }

    static StunMessage message(String hex) {
        return message(bytes(hex));
    }

    static Decoded.Reason reason(byte[] bytes) {
        return switch (StunDecoder.decode(ByteBuffer.wrap(bytes))) {
            case Decoded.Message(StunMessage message) -> throw new AssertionError(message);
            case Decoded.Malformed(Decoded.Reason reason) -> reason;
        };
    }
}
