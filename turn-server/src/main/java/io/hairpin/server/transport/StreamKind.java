package io.hairpin.server.transport;

import io.hairpin.stun.PacketKind;
import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

/// What a client speaks on a connection, told by the first bytes it sends.
enum StreamKind {
    /// STUN messages and ChannelData.
    TURN,
    TLS,
    /// A header of the PROXY protocol, in either version, before anything else.
    PROXY,
    HTTP,
    UNKNOWN;

    private static final int BYTES = Integer.BYTES;

    private static final int TLS_HANDSHAKE = 22;
    private static final int PROXY_V1 = 0x50524F58; // "PROX"
    private static final int PROXY_V2 = 0x0D0A0D0A;

    /// What begins with those bytes, or null if they are too few to tell.
    ///
    /// The letters that HTTP begins with could begin ChannelData as well; yet nobody has a channel
    /// on a connection that is new, so that would be dropped in any case.
    static @Nullable StreamKind of(ByteBuf in) {
        if (in.readableBytes() < BYTES) {
            return null;
        }
        int first = in.getInt(in.readerIndex());
        if (first == PROXY_V1 || first == PROXY_V2) {
            return PROXY;
        }
        if (first >>> 24 == TLS_HANDSHAKE) {
            return TLS;
        }
        if (isMethod(first)) {
            return HTTP;
        }
        return switch (PacketKind.of(first >>> 24)) {
            case STUN, CHANNEL_DATA -> TURN;
            case DTLS, UNKNOWN -> UNKNOWN;
        };
    }

    /// Whether a method of HTTP begins so: three capitals and a fourth, a space or a hyphen.
    private static boolean isMethod(int first) {
        int fourth = first & 0xFF;
        return isCapital(first >>> 24)
                && isCapital(first >>> 16 & 0xFF)
                && isCapital(first >>> 8 & 0xFF)
                && (isCapital(fourth) || fourth == ' ' || fourth == '-');
    }

    private static boolean isCapital(int letter) {
        return letter >= 'A' && letter <= 'Z';
    }
}
