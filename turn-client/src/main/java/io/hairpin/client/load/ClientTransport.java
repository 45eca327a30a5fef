package io.hairpin.client.load;

/// What clients reach the server by.
public enum ClientTransport {
    UDP,
    TCP
}
