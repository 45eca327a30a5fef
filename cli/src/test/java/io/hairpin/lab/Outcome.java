package io.hairpin.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a call between two networks went.
///
/// @param held what was seen of it, if it came about
/// @param failure why it did not
record Outcome(Pair pair, Optional<Held> held, Optional<String> failure) {

    /// A call that came about.
    ///
    /// @param setUpMillis from the caller's offer until both ends were connected and had their data
    ///     channel
    record Held(long setUpMillis, End caller, End callee) {

        /// The worse of what the two ends think.
        Route route() {
            Route one = caller.route();
            Route other = callee.route();
            return one.compareTo(other) > 0 ? one : other;
        }
    }

    static Outcome of(Pair pair, Held held) {
        return new Outcome(pair, Optional.of(held), Optional.empty());
    }

    static Outcome failed(Pair pair, String why) {
        return new Outcome(pair, Optional.empty(), Optional.of(why));
    }

    /// What is not as it has to be.
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        failure.ifPresent(why -> problems.add("not connected: " + why));
        held.ifPresent(
                call -> {
                    if (call.route() != pair.expected()) {
                        problems.add("%s, not %s".formatted(call.route(), pair.expected()));
                    }
                    check("the caller", pair.caller(), call.caller(), problems);
                    check("the callee", pair.callee(), call.callee(), problems);
                });
        return problems;
    }

    private static void check(String who, Kind kind, End end, List<String> problems) {
        boolean relayed = end.localType().equals("relay");
        if (relayed && !kind.relayProtocols().contains(end.relayProtocol())) {
            problems.add("%s speaks %s with its relay".formatted(who, end.relayProtocol()));
        }
        if (!relayed && !kind.passesUdp()) {
            problems.add(who + " has got round its firewall");
        }
        if (end.packetsPerSecond() == 0 || end.frames() == 0) {
            problems.add(who + " saw no moving pictures");
        }
    }

    boolean isAsExpected() {
        return problems().isEmpty();
    }
}
