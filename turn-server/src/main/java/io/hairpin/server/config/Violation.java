package io.hairpin.server.config;

import java.util.List;

/// A rule that values break, said for the operator. Keys are relative to the record; the first of
/// them is the one to change, and a value that must not be shown is empty.
record Violation(List<String> keys, String value, String message, String remedy) {}
