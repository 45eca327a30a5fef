package io.hairpin.stun;

import java.util.HexFormat;

/// A way to derive the long-term key from a password, with its parameters (RFC 8489 §14.12).
///
/// A list of algorithms has to come back from the client exactly as it was sent, so equality covers
/// the parameters too; both registered algorithms have none.
public record PasswordAlgorithm(int number, String parametersHex) {
    public static final PasswordAlgorithm MD5 = new PasswordAlgorithm(0x0001, "");
    public static final PasswordAlgorithm SHA_256 = new PasswordAlgorithm(0x0002, "");

    public PasswordAlgorithm {
        if (number < 0 || number > 0xFFFF) {
            throw new IllegalArgumentException("no password algorithm number: " + number);
        }
        HexFormat hex = HexFormat.of();
        parametersHex = hex.formatHex(hex.parseHex(parametersHex));
    }

    byte[] parameters() {
        return HexFormat.of().parseHex(parametersHex);
    }
}
