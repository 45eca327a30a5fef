package io.hairpin.server.config;

import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes a configuration the way an operator would have.
final class ConfigurationYaml {

    private static final int WIDTH = 100;

    private ConfigurationYaml() {}

    static String render(Configuration configuration) {
        DumpSettings settings =
                DumpSettings.builder()
                        .setWidth(WIDTH)
                        .setSplitLines(false)
                        .setIndicatorIndent(2)
                        .setIndentWithIndicator(true)
                        .setDereferenceAliases(true)
                        .build();
        StringBuilder yaml = new StringBuilder();
        new Dump(settings).dumpNode(section(configuration, FlowStyle.BLOCK), new Appender(yaml));
        return yaml.toString();
    }

    private record Appender(StringBuilder text) implements StreamDataWriter {
        @Override
        public void write(String part) {
            text.append(part);
        }

        @Override
        public void write(String part, int offset, int length) {
            text.append(part, offset, offset + length);
        }
    }

    private static Node section(Object section, FlowStyle style) {
        return new MappingNode(
                Tag.MAP,
                Arrays.stream(section.getClass().getRecordComponents())
                        .flatMap(c -> component(c, read(c, section)).stream())
                        .toList(),
                style);
    }

    /// The key and its value, unless it is left out.
    private static Optional<NodeTuple> component(RecordComponent component, Object value) {
        Type type = component.getGenericType();
        if (value instanceof Optional<?> optional) {
            return optional.map(v -> entry(Keys.of(component), value(element(type, 0), v)));
        }
        return Optional.of(entry(Keys.of(component), value(type, value)));
    }

    private static Node value(Type type, Object value) {
        return switch (value) {
            case List<?> list -> list(element(type, 0), list);
            case Map<?, ?> map -> map(element(type, 1), map);
            default ->
                    Keys.isSection(type)
                            ? section(value, FlowStyle.BLOCK)
                            : text((Class<?>) type, value);
        };
    }

    private static Node list(Type of, List<?> values) {
        boolean sections = Keys.isSection(of);
        List<Node> nodes = new ArrayList<>();
        for (Object value : values) {
            nodes.add(sections ? section(value, FlowStyle.FLOW) : value(of, value));
        }
        return new SequenceNode(
                Tag.SEQ, nodes, sections && !nodes.isEmpty() ? FlowStyle.BLOCK : FlowStyle.FLOW);
    }

    private static Node map(Type of, Map<?, ?> values) {
        List<NodeTuple> entries = new ArrayList<>();
        values.forEach((key, value) -> entries.add(entry(String.valueOf(key), value(of, value))));
        return new MappingNode(
                Tag.MAP, entries, entries.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
    }

    private static Node text(Class<?> type, Object value) {
        Tag tag =
                switch (value) {
                    case Integer _ -> Tag.INT;
                    case Boolean _ -> Tag.BOOL;
                    default -> Tag.STR;
                };
        return new ScalarNode(tag, TextType.format(type, value), ScalarStyle.PLAIN);
    }

    private static NodeTuple entry(String key, Node value) {
        return new NodeTuple(new ScalarNode(Tag.STR, key, ScalarStyle.PLAIN), value);
    }

    private static Type element(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    static Object read(RecordComponent component, Object section) {
        try {
            return component.getAccessor().invoke(section);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}
