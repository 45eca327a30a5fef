package io.hairpin.server.core;

/// Names a connection with a peer for as long as it lasts (RFC 6062 §6.2.1): 32 bits that nobody
/// can guess, and no other connection of this server has.
public record ConnectionId(long value) {}
