package io.hairpin.server.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Reads secrets that stand in files of their own, relative to a folder.
record SecretReader(Path folder) {

    /// What reading gave.
    sealed interface Outcome {}

    record Contents(String text) implements Outcome {

        @Override
        public String toString() {
            return Secret.REDACTED;
        }
    }

    record Unreadable(String message, String remedy) implements Outcome {}

    /// Editors and `echo` end a file with a line break that is no part of the secret.
    Outcome read(String file) {
        try {
            String text = TextFile.read(folder.resolve(file));
            return new Contents(text.replaceFirst("\\R\\z", ""));
        } catch (InvalidPathException _) {
            return new Unreadable("that is not a path", "name a file");
        } catch (IOException e) {
            return new Unreadable(
                    "the file cannot be read: " + TextFile.reason(e),
                    "make it readable for the user this runs as, or name another");
        }
    }
}
