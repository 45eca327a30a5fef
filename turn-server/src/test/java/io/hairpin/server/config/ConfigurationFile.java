package io.hairpin.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The configuration file of a test.
record ConfigurationFile(Path folder) {

    /// Without which no server starts.
    static final String SMALLEST =
            """
            realm: example.org
            authentication: { shared-secrets: [ north ] }
            """;

    /// What is said of one that nobody could authenticate by.
    static final String NOBODY =
            "nobody could authenticate, and a relay open to everybody is refused; add a user under"
                    + " authentication.users or a TURN REST secret under"
                    + " authentication.shared-secrets";

    Configuration valid(String yaml) throws IOException {
        return switch (load(yaml)) {
            case Loaded.Valid(Configuration configuration) -> configuration;
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    throw new AssertionError(problems.toString());
        };
    }

    /// What is wrong, a line each, without the folder.
    List<String> problems(String yaml) throws IOException {
        return lines(load(yaml)).stream()
                .map(line -> line.replace(folder + folder.getFileSystem().getSeparator(), ""))
                .toList();
    }

    static List<String> lines(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Valid(Configuration configuration) ->
                    throw new AssertionError(configuration.toString());
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    problems.stream().map(ConfigProblem::toString).toList();
        };
    }

    private Loaded load(String yaml) throws IOException {
        return ConfigurationLoader.load(
                Files.writeString(folder.resolve("hairpin.yaml"), yaml), Map.of());
    }
}
