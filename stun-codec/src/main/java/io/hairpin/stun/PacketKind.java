package io.hairpin.stun;

/// Tells by its first byte what a packet is (RFC 7983 §7).
///
/// Channel numbers end at 0x4FFF today, yet RFC 5766 let them run to 0x7FFE and the first two bits
/// still belong to ChannelData, so all of 64 to 127 counts as that. Whether a channel number is
/// acceptable is for the server to say.
public enum PacketKind {
    STUN,
    CHANNEL_DATA,
    DTLS,
    UNKNOWN;

    public static PacketKind of(int firstByte) {
        int unsigned = firstByte & 0xFF;
        if (unsigned <= 3) {
            return STUN;
        }
        if (unsigned >= 20 && unsigned <= 63) {
            return DTLS;
        }
        return unsigned >> 6 == 0b01 ? CHANNEL_DATA : UNKNOWN;
    }
}
