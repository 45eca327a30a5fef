package io.hairpin.client.load;

/// Broken packets of several kinds, sent to the server beside the traffic.
///
/// @param packetsPerSecond of all of them together
/// @param seed of the bytes and of the order of the kinds: the same one gives the same flood
public record FloodPlan(double packetsPerSecond, long seed) {
    public FloodPlan {
        if (!(packetsPerSecond > 0 && packetsPerSecond <= 1e9)) {
            throw new IllegalArgumentException("no rate: " + packetsPerSecond);
        }
    }
}
