package io.hairpin.server.config;

/// How and how much is logged.
public record LogConfig(@Default("text") LogFormat format, @Default("info") LogLevel level) {

    /// What holds where nothing is set.
    public static LogConfig defaults() {
        return Binder.defaults(LogConfig.class);
    }
}
