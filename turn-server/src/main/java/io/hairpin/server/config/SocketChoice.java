package io.hairpin.server.config;

/// Which sockets the server uses.
public enum SocketChoice {
    /// The fastest that this machine has.
    AUTO,
    /// Linux system calls in batches.
    NATIVE,
    /// Netty's own for Linux.
    EPOLL,
    /// Those of the JDK.
    NIO
}
