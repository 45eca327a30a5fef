package io.hairpin.client;

import java.time.Duration;

/// When a request over UDP is repeated, and when it is given up (RFC 8489 §6.2.1).
///
/// `rto` passes before the first repetition and doubles with each; `requests` (Rc) are sent in all;
/// `rto * lastWait` (Rm) passes after the last one. Over TCP nothing is repeated, and [#total()] is
/// how long an answer may take (Ti, RFC 8489 §6.2.2).
public record Retransmission(Duration rto, int requests, int lastWait) {
    /// More would be hours apart.
    public static final int MAX_REQUESTS = 16;

    /// The values the RFC recommends; an unanswered request fails after 39.5 s.
    public static final Retransmission STANDARD = new Retransmission(Duration.ofMillis(500), 7, 16);

    public Retransmission {
        if (rto.isNegative() || rto.isZero()) {
            throw new IllegalArgumentException("the RTO is not positive: " + rto);
        }
        if (requests < 1 || requests > MAX_REQUESTS) {
            throw new IllegalArgumentException("not 1 to " + MAX_REQUESTS + " requests");
        }
        if (lastWait < 1) {
            throw new IllegalArgumentException("no wait after the last request");
        }
    }

    /// From the first request to the one after `sent` of them, or, after the last, to giving up.
    public Duration untilNext(int sent) {
        return sent < requests ? rto.multipliedBy((1L << sent) - 1) : total();
    }

    /// From the first request to giving up.
    public Duration total() {
        return rto.multipliedBy((1L << (requests - 1)) - 1 + lastWait);
    }
}
