package io.hairpin.server.config;

import io.hairpin.server.config.ConfigProblem.Origin;

import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The variables that override keys: `HAIRPIN_LIMITS_MAX_LIFETIME` is `limits.max-lifetime`.
///
/// A single value is taken literally, and so are values with commas between them. Whatever begins
/// with a bracket is YAML in one line; lists of sections and mappings may leave the outer one out.
/// A key that holds secrets can be given by a file, `HAIRPIN_…_FILE`: one shared secret a line,
/// the users as YAML, or a passphrase alone.
final class EnvironmentVariables {

    private static final String FILE_SUFFIX = "_FILE";

    /// These are for the launcher and the command line.
    private static final Set<String> NOT_KEYS =
            Set.of("HAIRPIN_JAVA_HOME", "HAIRPIN_JAVA_OPTS", "HAIRPIN_BUILD", "HAIRPIN_CONFIG");

    /// Kubernetes sets these in every pod beside a service whose name begins with hairpin.
    private static final Pattern SERVICE_LINK =
            Pattern.compile(
                    ".*_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://");

    private final Map<String, String> variables;
    private final List<ConfigProblem> problems;
    private final SecretReader files = new SecretReader(Path.of(""));

    EnvironmentVariables(Map<String, String> environment, List<ConfigProblem> problems) {
        this.variables = relevant(environment);
        this.problems = problems;
    }

    /// Whether any variable sets a key, or tries to.
    static boolean anyKey(Map<String, String> environment) {
        return !relevant(environment).isEmpty();
    }

    /// The nodes that take the place of what the file says, by path of key.
    Map<String, Node> overrides() {
        if (variables.isEmpty()) {
            return Map.of();
        }
        Map<String, Node> overrides = new HashMap<>();
        List<String> known = new ArrayList<>();
        for (Keys.Leaf leaf : Keys.leaves()) {
            known.add(leaf.variable());
            direct(leaf).ifPresent(node -> overrides.put(leaf.path(), node));
            if (leaf.isSecret()) {
                known.add(leaf.variable() + FILE_SUFFIX);
                fromFile(leaf).ifPresent(node -> overrides.put(leaf.path(), node));
            }
        }
        variables.keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> reportUnknown(name, known));
        return overrides;
    }

    private Optional<Node> direct(Keys.Leaf leaf) {
        String text = variables.get(leaf.variable());
        return text == null ? Optional.empty() : parse(leaf, leaf.variable(), text);
    }

    private Optional<Node> fromFile(Keys.Leaf leaf) {
        String name = leaf.variable() + FILE_SUFFIX;
        String file = variables.get(name);
        if (file == null) {
            return Optional.empty();
        }
        if (variables.containsKey(leaf.variable())) {
            report(
                    name,
                    leaf.path(),
                    "",
                    leaf.variable() + " is set as well",
                    "set one of the two");
            return Optional.empty();
        }
        return switch (files.read(file)) {
            case SecretReader.Contents(String text) when isList(leaf.type()) ->
                    Optional.of(literals(name, text.lines()));
            case SecretReader.Contents(String text) when isSingle(leaf.type()) ->
                    Optional.of(Yaml.literal(Yaml.variableLabel(name), text));
            case SecretReader.Contents(String text) -> compose(leaf, name, text);
            case SecretReader.Unreadable(String message, String remedy) -> {
                report(name, leaf.path(), file, message, remedy);
                yield Optional.empty();
            }
        };
    }

    private Optional<Node> parse(Keys.Leaf leaf, String name, String text) {
        if (isSingle(leaf.type())) {
            return Optional.of(Yaml.literal(Yaml.variableLabel(name), text));
        }
        char open = isList(leaf.type()) ? '[' : '{';
        if (text.strip().indexOf(open) == 0) {
            return compose(leaf, name, text);
        }
        if (isListOfText(leaf.type())) {
            return Optional.of(literals(name, Arrays.stream(text.split(",", -1))));
        }
        return compose(leaf, name, isList(leaf.type()) ? "[" + text + "]" : "{" + text + "}");
    }

    private Optional<Node> compose(Keys.Leaf leaf, String name, String text) {
        String label = Yaml.variableLabel(name);
        try {
            return Yaml.compose(label, text).or(() -> Optional.of(Yaml.literal(label, "")));
        } catch (YamlEngineException e) {
            problems.add(Yaml.problem(label, leaf.path(), e));
            return Optional.empty();
        }
    }

    private static Node literals(String name, Stream<String> texts) {
        String label = Yaml.variableLabel(name);
        List<Node> nodes =
                texts.map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .<Node>map(text -> Yaml.literal(label, text))
                        .toList();
        Node place = Yaml.literal(label, "");
        return new SequenceNode(
                Tag.SEQ, true, nodes, FlowStyle.FLOW, place.getStartMark(), place.getEndMark());
    }

    private void reportUnknown(String name, List<String> known) {
        String remedy =
                Keys.closest(name, known)
                        .map(word -> "did you mean " + word + "?")
                        .orElse("unset it, or see hairpin.yaml for the keys there are");
        report(name, "", "", "no key has this variable", remedy);
    }

    private void report(String name, String path, String value, String message, String remedy) {
        problems.add(
                new ConfigProblem(
                        Origin.of(Yaml.variableLabel(name)), path, value, message, remedy));
    }

    private static boolean isSingle(Type type) {
        return !(type instanceof ParameterizedType generic)
                || (Keys.isOptional(type) && !Keys.isSection(generic.getActualTypeArguments()[0]));
    }

    private static boolean isList(Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == List.class;
    }

    private static boolean isListOfText(Type type) {
        return isList(type)
                && ((ParameterizedType) type).getActualTypeArguments()[0]
                        instanceof Class<?> element
                && TextType.exists(element);
    }

    private static Map<String, String> relevant(Map<String, String> environment) {
        Map<String, String> relevant = new TreeMap<>(environment);
        relevant.keySet().removeIf(name -> !name.startsWith(Keys.VARIABLE_PREFIX));
        relevant.keySet().removeAll(NOT_KEYS);
        relevant.entrySet().removeIf(entry -> isServiceLink(entry.getKey(), entry.getValue()));
        return relevant;
    }

    private static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches()
                || (name.endsWith("_PORT") && SERVICE_URL.matcher(value).lookingAt());
    }
}
