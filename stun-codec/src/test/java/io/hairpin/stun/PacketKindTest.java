package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacketKindTest {
    /// RFC 7983 §7, with all that RFC 5766 gave to channels.
    @Test
    void theFirstByteTells() {
        for (int first = 0; first < 256; first++) {
            PacketKind expected = PacketKind.UNKNOWN;
            if (first < 4) {
                expected = PacketKind.STUN;
            } else if (first >= 20 && first < 64) {
                expected = PacketKind.DTLS;
            } else if (first >= 64 && first < 128) {
                expected = PacketKind.CHANNEL_DATA;
            }

            assertThat(PacketKind.of(first)).isEqualTo(expected);
            assertThat(PacketKind.of((byte) first)).isEqualTo(expected);
        }
    }
}
