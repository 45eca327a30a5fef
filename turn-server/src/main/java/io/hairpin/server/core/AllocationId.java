package io.hairpin.server.core;

/// Names an allocation for as long as its core lives; never used twice by one core.
public record AllocationId(long value) {}
