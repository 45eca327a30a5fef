package io.hairpin.bench.soak;

import java.util.List;
import java.util.SortedMap;

/// What became of the clients of a run.
///
/// @param came how many there were
/// @param turnedRound how many more there would have been with more room in the generator
/// @param failed how many could not do what they came for, or did what nobody should
/// @param failures the first of those
/// @param sent packets to peers
/// @param echoed those that came back
/// @param lived how many did what they came for, by [Life]
record Outcome(
        long came,
        long turnedRound,
        long failed,
        List<String> failures,
        long sent,
        long echoed,
        SortedMap<String, Long> lived) {

    double failedShare() {
        return came == 0 ? 0 : (double) failed / came;
    }

    double lostShare() {
        return sent == 0 ? 0 : 1 - (double) echoed / sent;
    }
}
