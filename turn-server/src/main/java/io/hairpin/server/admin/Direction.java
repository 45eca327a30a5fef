package io.hairpin.server.admin;

/// Which way relayed data goes.
public enum Direction {
    TO_PEER,
    TO_CLIENT
}
