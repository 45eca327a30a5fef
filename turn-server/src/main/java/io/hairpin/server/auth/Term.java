package io.hairpin.server.auth;

import java.time.Duration;

/// How long whoever signed a request may go on, and what comes then.
///
/// @param left less than nothing once it is over
public record Term(Expiry expiry, Duration left) {

    /// Of credentials that do not expire.
    public static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);

    /// Less than this grants nothing, since lifetimes are whole seconds.
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /// Whether nothing new may begin.
    public boolean isOver() {
        return limits() ? left.compareTo(SHORTEST) < 0 : !left.isPositive();
    }

    /// Whether what exists may not be prolonged either.
    public boolean endsRefreshing() {
        return isOver() && expiry != Expiry.ALLOCATE;
    }

    /// Whether nothing at all is granted any more.
    public boolean endsAll() {
        return isOver() && limits();
    }

    /// Whether no lifetime may be longer than what is left.
    public boolean limits() {
        return expiry == Expiry.HARD_STOP;
    }
}
