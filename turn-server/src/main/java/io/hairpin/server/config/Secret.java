package io.hairpin.server.config;

/// A password, key or shared secret, which shows itself only when asked to.
public record Secret(String reveal) {

    /// What stands in the place of a secret wherever a configuration is shown.
    static final String REDACTED = "<redacted>";

    public Secret {
        if (reveal.isEmpty()) {
            throw new IllegalArgumentException("an empty secret protects nothing");
        }
        if (reveal.equals(REDACTED)) {
            // The output of `hairpin check` used as a configuration would give a secret all know.
            throw new IllegalArgumentException("the real secret was left out here");
        }
    }

    @Override
    public String toString() {
        return REDACTED;
    }
}
