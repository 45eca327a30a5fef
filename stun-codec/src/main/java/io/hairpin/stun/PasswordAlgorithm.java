package io.hairpin.stun;

import org.jspecify.annotations.Nullable;

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

    // Written out because the JVM would make these up at the start of every server, and take longer
    // for it than for the keys of the users.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PasswordAlgorithm(int otherNumber, String otherParameters)
                && number == otherNumber
                && parametersHex.equals(otherParameters);
    }

    @Override
    public int hashCode() {
        return 31 * number + parametersHex.hashCode();
    }

    byte[] parameters() {
        return HexFormat.of().parseHex(parametersHex);
    }
}
