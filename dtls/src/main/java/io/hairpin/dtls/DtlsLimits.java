package io.hairpin.dtls;

import java.time.Duration;

/// How much clients may use together.
///
/// @param sessions how many are established at once
/// @param handshakes how many are under way at once
/// @param handshakeTimeout how long one may take
/// @param idleTimeout after how long a silent session is reported to its [DtlsReceiver]
/// @param sessionsOf bounds sessions, and handshakes that lead to one, by where clients are from
/// @param handshakesOf bounds handshakes by where clients are from
public record DtlsLimits(
        int sessions,
        int handshakes,
        Duration handshakeTimeout,
        Duration idleTimeout,
        SourceLimit sessionsOf,
        SourceLimit handshakesOf) {

    /// Wherever clients are from.
    public DtlsLimits(
            int sessions, int handshakes, Duration handshakeTimeout, Duration idleTimeout) {
        this(
                sessions,
                handshakes,
                handshakeTimeout,
                idleTimeout,
                SourceLimit.NONE,
                SourceLimit.NONE);
    }
}
