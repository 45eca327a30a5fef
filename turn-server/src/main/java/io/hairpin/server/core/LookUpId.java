package io.hairpin.server.core;

/// Names a look-up of credentials for as long as its core lives; never used twice by one core.
public record LookUpId(long value) {}
