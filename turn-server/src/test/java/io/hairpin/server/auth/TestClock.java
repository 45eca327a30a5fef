package io.hairpin.server.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Wall time that stands still until a test moves it.
final class TestClock implements InstantSource {
    private Instant now;

    TestClock(Instant now) {
        this.now = now;
    }

    void set(Instant instant) {
        now = instant;
    }

    void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
