package io.hairpin.server.core;

import io.hairpin.stun.AttributeType;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/// How much an allocation may use, as its client asks for it and is told: in BANDWIDTH, which no
/// RFC has, the way coturn treats it.
///
/// @param kilobits a second, of 1024 bits each; above zero
record AskedBandwidth(long kilobits) {

    /// Of draft-thomson-tram-turn-bandwidth, which IANA does not list.
    static final AttributeType<byte[]> BANDWIDTH = AttributeType.of(0x8010);

    private static final int BYTES_PER_KILOBIT = 128;

    /// Where the operator has no limit there is no burst either.
    private static final Duration BURST = Duration.ofSeconds(1);

    /// What a request asks for; zero is nothing.
    static Optional<AskedBandwidth> in(StunMessage request) {
        return request.find(BANDWIDTH)
                .filter(value -> value.length >= Integer.BYTES)
                .map(value -> Integer.toUnsignedLong(ByteBuffer.wrap(value).getInt()))
                .filter(kilobits -> kilobits > 0)
                .map(AskedBandwidth::new);
    }

    /// What is granted of it: no more than there is for each allocation.
    AskedBandwidth within(@Nullable Bandwidth limit) {
        long most = limit == null ? Bandwidth.MAX_BYTES_PER_SECOND : limit.bytesPerSecond();
        return new AskedBandwidth(Math.clamp(most / BYTES_PER_KILOBIT, 1, kilobits));
    }

    /// @param limit whose bursts it has
    Bandwidth granted(@Nullable Bandwidth limit) {
        return new Bandwidth(kilobits * BYTES_PER_KILOBIT, limit == null ? BURST : limit.burst());
    }

    byte[] value() {
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) kilobits).array();
    }
}
