package io.hairpin.net;

import io.netty.channel.IoEventLoop;

/// An event loop, what it flushes at the end of each turn, and the time of the turn.
public record IoLoop(IoEventLoop loop, Outbox outbox, TurnClock clock) {}
