package io.hairpin.client.load;

import org.jspecify.annotations.Nullable;

/// What one event loop, or all of them, had to tell at a moment.
///
/// @param recent the latencies since the sample before
/// @param measured those of the measuring window
/// @param negotiated what handshakes came to
/// @param mistake what is wrong with this program, if anything came to light
record Sample(
        Counts counts,
        Latencies recent,
        Latencies measured,
        SetUps setUps,
        Negotiated negotiated,
        HalfOpenCounts halfOpen,
        @Nullable Throwable mistake) {

    static Sample none() {
        return new Sample(
                Counts.NONE,
                new Latencies(),
                new Latencies(),
                new SetUps(),
                new Negotiated(),
                HalfOpenCounts.NONE,
                null);
    }

    Sample plus(Sample other) {
        recent.add(other.recent);
        measured.add(other.measured);
        setUps.add(other.setUps);
        negotiated.add(other.negotiated);
        return new Sample(
                counts.plus(other.counts),
                recent,
                measured,
                setUps,
                negotiated,
                halfOpen.plus(other.halfOpen),
                mistake == null ? other.mistake : mistake);
    }
}
