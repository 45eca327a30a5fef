package io.hairpin.client;

/// How many packets from the server a client has thrown away, by reason.
///
/// @param queueFull from a peer, while nobody took what was there
/// @param unknownChannel ChannelData of a channel that this client has not bound
/// @param unusable neither a whole packet, nor a response somebody waits for, nor a Data indication
///     with peer and data
public record Drops(long queueFull, long unknownChannel, long unusable) {}
