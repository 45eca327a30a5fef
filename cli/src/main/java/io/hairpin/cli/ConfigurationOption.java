package io.hairpin.cli;

import io.hairpin.server.config.ConfigProblem;
import io.hairpin.server.config.ConfigurationLoader;
import io.hairpin.server.config.Loaded;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Says where the configuration is, the same way in every command.
final class ConfigurationOption {

    /// A configuration that was found, and where.
    record Found(String source, Loaded loaded) {}

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = {
                "The configuration; otherwise the file that",
                "HAIRPIN_CONFIG names in the environment, or",
                "/etc/hairpin/hairpin.yaml if there is one.",
                "Any key can be set in the environment as well:",
                "relay.ports is HAIRPIN_RELAY_PORTS."
            })
    private @Nullable Path file;

    private final Map<String, String> environment;
    private final Path systemConfiguration;

    /// One that picocli fills in.
    ConfigurationOption(Map<String, String> environment, Path systemConfiguration) {
        this.environment = environment;
        this.systemConfiguration = systemConfiguration;
    }

    /// One with that file named.
    ConfigurationOption(Map<String, String> environment, Path systemConfiguration, Path file) {
        this(environment, systemConfiguration);
        this.file = file;
    }

    /// The configuration that is meant; empty if neither a file nor a variable hints at one.
    Optional<Found> find() {
        Path chosen = file;
        String named = environment.getOrDefault("HAIRPIN_CONFIG", "");
        if (chosen == null && !named.isEmpty()) {
            chosen = Path.of(named);
        }
        // One that is there but may not be read must not be taken for none.
        if (chosen == null && !Files.notExists(systemConfiguration)) {
            chosen = systemConfiguration;
        }
        if (chosen != null) {
            return Optional.of(
                    new Found(chosen.toString(), ConfigurationLoader.load(chosen, environment)));
        }
        return ConfigurationLoader.isConfigured(environment)
                ? Optional.of(new Found("the environment", ConfigurationLoader.load(environment)))
                : Optional.empty();
    }

    /// Prints every problem on a line of its own.
    static int report(List<ConfigProblem> problems, PrintWriter err) {
        problems.forEach(problem -> err.println("error: " + problem));
        return Hairpin.MISTAKEN;
    }
}
