package io.hairpin.server.config;

/// What is accepted, and said, for the sake of older clients.
public record CompatibilityConfig(
        @Default("false") boolean rfc5766Channels,
        @Default("false") boolean rfc3489,
        @Default("false") boolean reasonPhrases) {

    /// What holds where nothing is set: the current RFCs alone.
    public static CompatibilityConfig defaults() {
        return Binder.defaults(CompatibilityConfig.class);
    }
}
