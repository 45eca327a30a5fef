package io.hairpin.server.config;

/// Something wrong with a configuration: where, what, and what to do about it.
///
/// The value is empty where there is none or it must not be shown.
public record ConfigProblem(
        Origin origin, String key, String value, String message, String remedy) {

    /// Where a value stands: a file and, from 1, its line and column, or an environment variable.
    public record Origin(String source, int line, int column) {

        /// A place without lines, or a file as a whole.
        static Origin of(String source) {
            return new Origin(source, 0, 0);
        }

        @Override
        public String toString() {
            return line == 0 ? source : source + ":" + line + ":" + column;
        }
    }

    /// The problem as one line for the operator.
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(origin.toString()).append(": ");
        if (!key.isEmpty()) {
            line.append(key);
            if (!value.isEmpty()) {
                line.append(" is ").append(value);
            }
            line.append(": ");
        }
        return line.append(message).append("; ").append(remedy).toString();
    }
}
