package io.hairpin.server.config;

/// The transports a listener can speak.
public enum ListenerTransport {
    UDP,
    TCP
}
