package io.hairpin.client.load;

import java.time.Duration;

/// What each client and its peer send one another.
///
/// @param payloadBytes of each packet, without the headers of TURN, UDP and IP
/// @param burst packets sent back to back; the pace stays the average
/// @param indications Send and Data indications instead of a channel
/// @param warmUp how long packets flow before they count
/// @param packets the traffic ends after so many in all, though the duration is longer; 0 for no
///     such limit
public record TrafficPlan(
        Direction direction,
        Pace pace,
        int payloadBytes,
        int burst,
        boolean indications,
        Duration warmUp,
        Duration duration,
        long packets) {

    /// The most that leave back to back: what one turn of an event loop gathers.
    public static final int MAX_BURST = 256;

    public TrafficPlan {
        if (payloadBytes < Payload.MIN_BYTES || payloadBytes > Payload.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a payload has "
                            + Payload.MIN_BYTES
                            + " to "
                            + Payload.MAX_BYTES
                            + " bytes, not "
                            + payloadBytes);
        }
        if (burst < 1 || burst > MAX_BURST) {
            throw new IllegalArgumentException(
                    "a burst has 1 to " + MAX_BURST + " packets, not " + burst);
        }
        if (pace instanceof Pace.Window(int window) && burst > window) {
            throw new IllegalArgumentException("the window is smaller than a burst");
        }
        if (warmUp.isNegative() || !duration.isPositive() || packets < 0) {
            throw new IllegalArgumentException("traffic has a positive duration");
        }
    }
}
