package io.hairpin.server.transport;

import io.netty.handler.timeout.IdleStateHandler;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// What a TCP client may take.
///
/// @param firstMessage the time in which its first whole message has to come, and before that
///     each thing that may precede it
/// @param handshake the time in which a TLS handshake has to be done
/// @param idle the silence after which it is disconnected, unless it has an allocation
/// @param writeQueueBytes what is kept for a client that does not read; past it data is dropped
public record TcpSettings(
        Duration firstMessage, Duration handshake, Duration idle, int writeQueueBytes) {

    /// Tells of the silence. What comes counts as what it is where the handler stands: behind
    /// [FrameDecoder] whole messages only.
    IdleStateHandler whenNothingIsRead() {
        return new IdleStateHandler(idle.toMillis(), 0, 0, TimeUnit.MILLISECONDS);
    }

    /// Tells when nothing has gone either way.
    IdleStateHandler whenNothingMoves() {
        return new IdleStateHandler(0, 0, idle.toMillis(), TimeUnit.MILLISECONDS);
    }
}
