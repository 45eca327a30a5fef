package io.hairpin.net;

import io.netty.channel.IoEventLoop;

/// An event loop, and what it flushes at the end of each turn.
public record IoLoop(IoEventLoop loop, Outbox outbox) {}
