package io.hairpin.server.config;

import io.hairpin.server.config.ConfigProblem.Origin;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

import java.util.Optional;

/// YAML text and the nodes in it, each of which knows where it stands.
final class Yaml {

    /// Begins the label of text that is not a file, so has no lines worth naming.
    private static final String VARIABLE = "$";

    private static final int MAX_CODE_POINTS = 1 << 20;

    private Yaml() {}

    static String variableLabel(String name) {
        return VARIABLE + name;
    }

    /// Whether the node comes from a variable rather than from a file.
    static boolean isVariable(Node node) {
        return node.getStartMark().orElseThrow().getName().startsWith(VARIABLE);
    }

    /// The single document in the text, or empty if there is nothing but comments.
    ///
    /// @throws YamlEngineException if it is not YAML; [#problem] explains it
    static Optional<Node> compose(String label, String text) {
        LoadSettings settings =
                LoadSettings.builder().setLabel(label).setCodePointLimit(MAX_CODE_POINTS).build();
        return new Compose(settings).composeString(text);
    }

    /// What the text says; there has to be something. A single word needs no parser: most defaults
    /// are one, and reading them all by it took long enough to delay every start.
    static Node value(String label, String text) {
        boolean word =
                !text.isEmpty()
                        && Character.isLetterOrDigit(text.charAt(0))
                        && text.indexOf(' ') < 0
                        && text.indexOf('\n') < 0
                        && !text.equals("null");
        return word ? literal(label, text) : compose(label, text).orElseThrow();
    }

    /// A scalar of exactly this text, whatever YAML would make of it.
    static ScalarNode literal(String label, String text) {
        Optional<Mark> mark = Optional.of(new Mark(label, 0, 0, 0, new int[0], 0));
        return new ScalarNode(Tag.STR, true, text, ScalarStyle.DOUBLE_QUOTED, mark, mark);
    }

    static Origin origin(Node node) {
        return origin(node.getStartMark().orElseThrow());
    }

    static ConfigProblem problem(String label, String key, YamlEngineException e) {
        Optional<Mark> mark =
                e instanceof MarkedYamlEngineException marked
                        ? marked.getProblemMark()
                        : Optional.empty();
        return new ConfigProblem(
                mark.map(Yaml::origin).orElse(Origin.of(label)),
                key,
                "",
                "this is not YAML" + detail(e),
                "look at the indentation here, and quote text with special characters in it");
    }

    private static Origin origin(Mark mark) {
        return mark.getName().startsWith(VARIABLE)
                ? Origin.of(mark.getName())
                : new Origin(mark.getName(), mark.getLine() + 1, mark.getColumn() + 1);
    }

    /// What the parser says, unless it names an alias, anchor or tag: that may be what a password
    /// was mistaken for.
    private static String detail(YamlEngineException e) {
        if (e instanceof MarkedYamlEngineException marked
                && marked.getProblem() != null
                && !marked.getProblem().matches("(?s).*\\b(alias|anchor|tag)\\b.*")) {
            return ": " + marked.getProblem().strip();
        }
        return "";
    }
}
