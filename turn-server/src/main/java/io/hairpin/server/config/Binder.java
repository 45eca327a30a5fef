package io.hairpin.server.config;

import io.hairpin.server.config.ConfigProblem.Origin;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Fills records from YAML nodes, and goes on after a problem so that all of them are found.
///
/// Where a value is wrong its default takes its place, only so that the rest can be judged; rules
/// about such a value are then not reported.
final class Binder {

    private final String source;
    private final SecretReader secrets;
    private final Map<String, Node> overrides;
    private final List<ConfigProblem> problems;
    private final Map<String, Node> nodes = new HashMap<>();
    private final Set<String> replaced = new HashSet<>();

    /// @param overrides nodes that stand in the place of what the document says, by path
    Binder(String source, Path folder, Map<String, Node> overrides, List<ConfigProblem> problems) {
        this.source = source;
        this.secrets = new SecretReader(folder);
        this.overrides = overrides;
        this.problems = problems;
    }

    /// A section with nothing set.
    static <T extends Record> T defaults(Class<T> section) {
        List<ConfigProblem> problems = new ArrayList<>();
        Binder binder = new Binder("the defaults", Path.of(""), Map.of(), problems);
        return binder.section(section, Optional.empty(), "")
                .map(section::cast)
                .orElseThrow(() -> new IllegalStateException(problems.toString()));
    }

    /// The record, unless something in it is wrong; what is goes to the problems.
    Optional<Object> section(Class<?> type, Optional<Node> node, String path) {
        node.ifPresent(n -> nodes.put(path, n));
        RecordComponent[] components = type.getRecordComponents();
        Map<String, NodeTuple> entries = sectionEntries(components, node, path);
        Map<String, Object> values = new LinkedHashMap<>();
        boolean whole = true;
        for (RecordComponent component : components) {
            String key = Keys.of(component);
            NodeTuple entry = entries.get(key);
            Node written = entry == null ? null : entry.getValueNode();
            Optional<Object> value = component(component, Keys.join(path, key), written, values);
            value.ifPresent(v -> values.put(component.getName(), v));
            whole &= value.isPresent();
        }
        return whole ? construct(type, values.values().toArray(), path) : Optional.empty();
    }

    private Map<String, NodeTuple> sectionEntries(
            RecordComponent[] components, Optional<Node> node, String path) {
        // A section whose lines are all comments is null in YAML, and is as good as absent.
        if (node.isEmpty() || isNull(node.get())) {
            return Map.of();
        }
        Map<String, NodeTuple> entries =
                entries(node.get(), path, "a section with keys of its own").orElse(Map.of());
        List<String> known = Arrays.stream(components).map(Keys::of).toList();
        entries.forEach(
                (key, entry) -> {
                    if (!known.contains(key)) {
                        reportUnknown(entry.getKeyNode(), Keys.join(path, key), key, known);
                    }
                });
        return entries;
    }

    private void reportUnknown(Node node, String path, String key, List<String> known) {
        String suggestion =
                Keys.closest(key, known)
                        .map(word -> "did you mean " + word + "?")
                        .orElse("known here: " + String.join(", ", known));
        problem(node, path, "", "there is no such key", suggestion);
    }

    private Optional<Object> component(
            RecordComponent component,
            String key,
            @Nullable Node written,
            Map<String, Object> earlier) {
        Node node = overrides.getOrDefault(key, written);
        if (Keys.isSection(component.getGenericType())) {
            return section(component.getType(), Optional.ofNullable(node), key)
                    .or(() -> substitute(component, key, earlier));
        }
        if (node == null) {
            Optional<Object> value = unset(component, earlier);
            if (value.isEmpty()) {
                problems.add(
                        new ConfigProblem(
                                origin(key),
                                key,
                                "",
                                "it is missing",
                                "set it: it has no default"));
                replaced.add(key);
            }
            return value;
        }
        return value(component.getGenericType(), node, key)
                .or(() -> substitute(component, key, earlier));
    }

    /// Stands in for a value that is wrong.
    private Optional<Object> substitute(
            RecordComponent component, String key, Map<String, Object> earlier) {
        replaced.add(key);
        return unset(component, earlier);
    }

    /// What a component is where nothing is set; it must have a default.
    ///
    /// @param earlier the components before it, by their names
    static Object unsetValue(RecordComponent component, Map<String, Object> earlier) {
        return new Binder("the defaults", Path.of(""), Map.of(), new ArrayList<>())
                .unset(component, earlier)
                .orElseThrow();
    }

    private Optional<Object> unset(RecordComponent component, Map<String, Object> earlier) {
        Default text = component.getAnnotation(Default.class);
        SameAs other = component.getAnnotation(SameAs.class);
        Share share = component.getAnnotation(Share.class);
        if (text != null) {
            Node node = Yaml.value("the defaults", text.value());
            return new Binder(source, Path.of(""), Map.of(), problems)
                    .value(component.getGenericType(), node, Keys.of(component));
        }
        if (other != null) {
            return Optional.ofNullable(earlier.get(other.value()));
        }
        if (share != null) {
            return share(share, earlier);
        }
        if (Keys.isOptional(component.getGenericType())) {
            return Optional.of(Optional.empty());
        }
        if (Keys.isSection(component.getGenericType())) {
            return new Binder(source, Path.of(""), Map.of(), new ArrayList<>())
                    .section(component.getType(), Optional.empty(), Keys.of(component));
        }
        return Optional.empty();
    }

    private static Optional<Object> share(Share share, Map<String, Object> earlier) {
        double product = share.part();
        int least = share.atLeast();
        for (String name : share.of()) {
            if (!(earlier.get(name) instanceof Integer number)) {
                return Optional.empty();
            }
            product *= number;
            least = share.of().length == 1 ? least : Math.max(least, number);
        }
        return Optional.of(Math.max(least, (int) product));
    }

    private Optional<Object> construct(Class<?> type, Object[] values, String path) {
        try {
            return Optional.of(type.getDeclaredConstructors()[0].newInstance(values));
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof InvalidConfiguration invalid)) {
                throw new IllegalStateException("the constructor of " + type + " failed", e);
            }
            invalid.violations().forEach(violation -> report(violation, path));
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be constructed", e);
        }
    }

    private void report(Violation violation, String path) {
        List<String> keys = violation.keys().stream().map(key -> Keys.join(path, key)).toList();
        if (keys.stream().noneMatch(this::isReplaced)) {
            problems.add(
                    new ConfigProblem(
                            origin(keys.getFirst()),
                            keys.getFirst(),
                            violation.value(),
                            violation.message(),
                            violation.remedy()));
        }
    }

    private boolean isReplaced(String path) {
        return replaced.stream()
                .anyMatch(
                        wrong ->
                                path.equals(wrong)
                                        || path.startsWith(wrong + ".")
                                        || path.startsWith(wrong + "["));
    }

    private Optional<Object> value(Type type, Node node, String path) {
        nodes.put(path, node);
        // No switch over types: the JVM makes one up as it runs, and all servers wait for it.
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (Keys.isOptional(generic)) {
                return value(arguments[0], node, path).map(Optional::of);
            }
            if (generic.getRawType() == List.class) {
                return list(arguments[0], node, path);
            }
            if (generic.getRawType() == Map.class) {
                return map(arguments[1], node, path);
            }
        } else if (type instanceof Class<?> single) {
            if (single == Secret.class && !(node instanceof ScalarNode)) {
                return secretFile(node, path);
            }
            if (TextType.exists(single)) {
                return text(TextType.of(single), node, path);
            }
            if (single.isRecord()) {
                return section(single, Optional.of(node), path);
            }
        }
        throw new IllegalStateException("no key can be of " + type);
    }

    private Optional<Object> list(Type of, Node node, String path) {
        if (!(node instanceof SequenceNode sequence)) {
            return wrongShape(node, path, "a list", "write [ … ], or one \"- …\" a line");
        }
        List<Object> values = new ArrayList<>();
        List<Node> elements = sequence.getValue();
        for (int i = 0; i < elements.size(); i++) {
            value(of, elements.get(i), path + "[" + i + "]").ifPresent(values::add);
        }
        return values.size() == elements.size() ? Optional.of(values) : Optional.empty();
    }

    private Optional<Object> map(Type of, Node node, String path) {
        Optional<Map<String, NodeTuple>> entries =
                entries(node, path, "a mapping of names to values");
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> values = new LinkedHashMap<>();
        entries.get()
                .forEach(
                        (key, entry) ->
                                value(of, entry.getValueNode(), Keys.join(path, key))
                                        .ifPresent(v -> values.put(key, v)));
        return values.size() == entries.get().size() ? Optional.of(values) : Optional.empty();
    }

    private Optional<Map<String, NodeTuple>> entries(Node node, String path, String expected) {
        if (!(node instanceof MappingNode mapping)) {
            wrongShape(node, path, expected, "write each as \"name: value\"");
            return Optional.empty();
        }
        Map<String, NodeTuple> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problem(tuple.getKeyNode(), path, "", "a key is not text", "use a plain word");
            } else if (entries.putIfAbsent(key.getValue(), tuple) != null) {
                problem(
                        key,
                        Keys.join(path, key.getValue()),
                        "",
                        "this key is there twice",
                        "keep one of the two");
            }
        }
        return Optional.of(entries);
    }

    private Optional<Object> text(TextType<?> type, Node node, String path) {
        if (!(node instanceof ScalarNode scalar) || isNull(node)) {
            return wrongShape(node, path, "a single value", "give it one");
        }
        String text = scalar.getValue();
        // Some put secrets into URLs, which only one that can be read can be shown without.
        boolean hidden = type.type() == Secret.class || type.type() == URI.class;
        String shown = hidden ? "" : text;
        try {
            Optional<?> value = type.parse(text);
            if (value.isEmpty()) {
                problem(node, path, shown, type.complaint(), type.remedy().apply(text));
            }
            return value.map(v -> v instanceof Path file ? resolve(file, node) : v);
        } catch (IllegalArgumentException e) {
            String complaint = String.valueOf(e.getMessage());
            problem(node, path, shown, complaint, type.remedy().apply(text));
            return Optional.empty();
        }
    }

    /// A path in the configuration file is relative to it, one in the environment to wherever the
    /// server is started.
    private Path resolve(Path file, Node node) {
        return Yaml.isVariable(node) ? file : secrets.folder().resolve(file);
    }

    private Optional<Object> secretFile(Node node, String path) {
        Optional<Map<String, NodeTuple>> entries = entries(node, path, "a secret or { file: … }");
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        NodeTuple only = entries.get().get("file");
        if (entries.get().size() != 1
                || only == null
                || !(only.getValueNode() instanceof ScalarNode file)) {
            problem(node, path, "", "only { file: … } can stand for a secret", "name the file");
            return Optional.empty();
        }
        return switch (secrets.read(file.getValue())) {
            case SecretReader.Contents(String text) ->
                    text(TextType.of(Secret.class), copyWithText(file, text), path);
            case SecretReader.Unreadable(String message, String remedy) -> {
                problem(file, path, file.getValue(), message, remedy);
                yield Optional.empty();
            }
        };
    }

    private static ScalarNode copyWithText(ScalarNode place, String text) {
        return new ScalarNode(
                Tag.STR,
                true,
                text,
                place.getScalarStyle(),
                place.getStartMark(),
                place.getEndMark());
    }

    private Optional<Object> wrongShape(Node node, String path, String expected, String remedy) {
        String found =
                switch (node.getNodeType()) {
                    case SCALAR -> isNull(node) ? "nothing" : "a single value";
                    case SEQUENCE -> "a list";
                    case MAPPING -> "a mapping";
                    case ANCHOR -> "an anchor";
                };
        problem(node, path, "", expected + " is expected here, not " + found, remedy);
        return Optional.empty();
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private void problem(Node node, String path, String value, String message, String remedy) {
        problems.add(new ConfigProblem(Yaml.origin(node), path, value, message, remedy));
    }

    /// Where the value at a path stands, or what encloses it where it stands nowhere.
    private Origin origin(String path) {
        String place = path;
        while (!place.isEmpty()) {
            Node node = nodes.get(place);
            if (node != null) {
                return Yaml.origin(node);
            }
            place =
                    place.substring(
                            0,
                            Math.max(0, Math.max(place.lastIndexOf('.'), place.lastIndexOf('['))));
        }
        return Origin.of(source);
    }
}
