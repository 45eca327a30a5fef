package io.hairpin.server.config;

import io.hairpin.server.config.ConfigProblem.Origin;

import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a configuration from YAML and the environment, which wins where both set a key.
public final class ConfigurationLoader {

    private ConfigurationLoader() {}

    /// Loads the file; paths of secrets in it are relative to its folder.
    public static Loaded load(Path file, Map<String, String> environment) {
        String source = file.toString();
        try {
            Optional<Node> document = Yaml.compose(source, TextFile.read(file));
            Path parent = file.toAbsolutePath().getParent();
            return bind(source, parent == null ? file : parent, document, environment);
        } catch (IOException e) {
            String message = "the file cannot be read: " + TextFile.reason(e);
            return new Loaded.Invalid(
                    List.of(
                            new ConfigProblem(
                                    Origin.of(source),
                                    "",
                                    "",
                                    message,
                                    "name the configuration file with --config")));
        } catch (YamlEngineException e) {
            return new Loaded.Invalid(List.of(Yaml.problem(source, "", e)));
        }
    }

    /// Loads what the environment says, for servers that have no file.
    public static Loaded load(Map<String, String> environment) {
        return bind("the environment", Path.of(""), Optional.empty(), environment);
    }

    /// Whether the environment sets any key, so that a configuration is meant even without a file.
    public static boolean isConfigured(Map<String, String> environment) {
        return EnvironmentVariables.anyKey(environment);
    }

    private static Loaded bind(
            String source, Path folder, Optional<Node> document, Map<String, String> environment) {
        List<ConfigProblem> problems = new ArrayList<>();
        Map<String, Node> overrides = new EnvironmentVariables(environment, problems).overrides();
        Optional<Configuration> configuration =
                new Binder(source, folder, overrides, problems)
                        .section(Configuration.class, document, "")
                        .map(Configuration.class::cast);
        if (configuration.isPresent() && problems.isEmpty()) {
            return new Loaded.Valid(configuration.get());
        }
        problems.sort(
                Comparator.<ConfigProblem>comparingInt(problem -> problem.origin().line())
                        .thenComparingInt(problem -> problem.origin().column()));
        return new Loaded.Invalid(List.copyOf(problems));
    }
}
