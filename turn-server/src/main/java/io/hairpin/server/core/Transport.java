package io.hairpin.server.core;

/// The transport between a client and the server.
public enum Transport {
    UDP,
    TCP
}
