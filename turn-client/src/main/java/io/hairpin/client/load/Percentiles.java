package io.hairpin.client.load;

/// How lengths of time are distributed, in microseconds; all zero if there were none.
public record Percentiles(double p50, double p90, double p99, double p999, double max) {}
