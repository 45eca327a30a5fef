package io.hairpin.server.transport;

import java.time.Duration;

/// What a TCP client may take.
///
/// @param firstMessage the time in which its first whole message has to come
/// @param idle the silence after which it is disconnected, unless it has an allocation
/// @param writeQueueBytes what is kept for a client that does not read; past it data is dropped
public record TcpSettings(Duration firstMessage, Duration idle, int writeQueueBytes) {}
