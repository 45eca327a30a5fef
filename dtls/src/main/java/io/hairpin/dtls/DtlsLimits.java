package io.hairpin.dtls;

import java.time.Duration;

/// How much clients may use together.
///
/// @param sessions how many are established at once
/// @param handshakes how many are under way at once
/// @param handshakeTimeout how long one may take
/// @param idleTimeout after how long a silent session is reported to its [DtlsReceiver]
public record DtlsLimits(
        int sessions, int handshakes, Duration handshakeTimeout, Duration idleTimeout) {}
