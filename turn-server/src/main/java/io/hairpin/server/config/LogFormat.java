package io.hairpin.server.config;

/// How log events are written: as lines for people, or as one JSON object each.
public enum LogFormat {
    TEXT,
    JSON
}
