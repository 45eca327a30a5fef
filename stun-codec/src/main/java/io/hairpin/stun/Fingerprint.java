package io.hairpin.stun;

import java.util.zip.CRC32;

/// Computes FINGERPRINT, which tells STUN from other traffic on the same port (RFC 8489 §14.7).
final class Fingerprint {
    /// Keeps a CRC-32 of some other protocol in the packet from matching by chance.
    private static final long XOR = 0x5354554E;

    /// Header and value of the attribute.
    static final int ATTRIBUTE_BYTES = StunHeader.ATTRIBUTE_HEADER_BYTES + Integer.BYTES;

    private Fingerprint() {}

    static long of(byte[] message, int length) {
        CRC32 crc = new CRC32();
        crc.update(message, 0, length);
        return crc.getValue() ^ XOR;
    }
}
