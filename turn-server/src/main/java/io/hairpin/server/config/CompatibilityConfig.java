package io.hairpin.server.config;

/// What is accepted, and said, for the sake of older clients and other servers' users.
///
/// @param originConsistency whether an allocation can be used only with the ORIGIN it was made with
/// @param bandwidthAttribute whether clients may ask for less bandwidth than there is
public record CompatibilityConfig(
        @Default("false") boolean rfc5766Channels,
        @Default("false") boolean rfc3489,
        @Default("false") boolean reasonPhrases,
        @Default("false") boolean originConsistency,
        @Default("false") boolean bandwidthAttribute) {

    /// What holds where nothing is set: the current RFCs alone.
    public static CompatibilityConfig defaults() {
        return Binder.defaults(CompatibilityConfig.class);
    }
}
