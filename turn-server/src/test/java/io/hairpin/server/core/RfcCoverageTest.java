package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Keeps `docs/rfc-coverage.md` and the tests it names equal.
class RfcCoverageTest {

    private static final Path ROOT = root();
    private static final Path CORE =
            ROOT.resolve("turn-server/src/test/java/io/hairpin/server/core");
    private static final Path CODEC = ROOT.resolve("stun-codec/src/test/java/io/hairpin/stun");
    private static final Path AUTH =
            ROOT.resolve("turn-server/src/test/java/io/hairpin/server/auth");

    private static final Pattern ROW =
            Pattern.compile(
                    "\\| (8016|8489|8656) (§[0-9.]+(?: step [0-9]+)?) \\| ([^|]+) \\| ([^|]+) \\|");

    /// One line of the tables that name tests.
    private record Row(String section, List<String> tests) {}

    @Test
    void thePageAndTheAnnotationsNameTheSamePairs() throws IOException {
        Set<String> documented = new TreeSet<>();
        for (Row row : rows()) {
            row.tests().stream()
                    .filter(test -> !test.contains("/"))
                    .forEach(test -> documented.add(row.section() + " " + test));
        }

        assertThat(documented).isEqualTo(annotated());
    }

    @Test
    void testsOfOtherPackagesThatThePageNamesExist() throws IOException {
        for (Row row : rows()) {
            for (String test : row.tests()) {
                if (test.contains("/")) {
                    assertThat(declares(test)).as("%s, named for %s", test, row.section()).isTrue();
                }
            }
        }
    }

    @Test
    void everyRowOfThePageIsRead() throws IOException {
        long lines =
                Files.readAllLines(ROOT.resolve("docs/rfc-coverage.md")).stream()
                        .takeWhile(line -> !line.equals("## Left out"))
                        .filter(line -> line.startsWith("| 8"))
                        .count();

        assertThat(rows()).hasSize((int) lines).hasSizeGreaterThan(50);
    }

    private static List<Row> rows() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/rfc-coverage.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(
                        row ->
                                new Row(
                                        row.group(1) + " " + row.group(2),
                                        List.of(row.group(4).split(", "))))
                .toList();
    }

    private static Set<String> annotated() throws IOException {
        Set<String> pairs = new TreeSet<>();
        try (Stream<Path> files = Files.list(CORE)) {
            for (Path file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                for (Method method : type(name).getDeclaredMethods()) {
                    Rfc rfc = method.getAnnotation(Rfc.class);
                    if (rfc != null) {
                        Arrays.stream(rfc.value())
                                .forEach(
                                        section ->
                                                pairs.add(
                                                        "%s %s.%s"
                                                                .formatted(
                                                                        section,
                                                                        name,
                                                                        method.getName())));
                    }
                }
            }
        }
        return pairs;
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(RfcCoverageTest.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a source without its class: " + name, e);
        }
    }

    /// Whether `stun/SomeTest.method` or `auth/SomeTest.method` is in the sources.
    private static boolean declares(String test) throws IOException {
        Path folder = test.startsWith("stun/") ? CODEC : AUTH;
        String name = test.substring(test.indexOf('/') + 1);
        int dot = name.indexOf('.');
        Path source = folder.resolve(name.substring(0, dot) + ".java");
        return Files.exists(source)
                && Files.readString(source).contains("void " + name.substring(dot + 1) + "(");
    }

    /// The repository, from whichever of its folders the tests run.
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("stun-codec"))
                ? here
                : Objects.requireNonNull(here.getParent(), "the root is no module");
    }
}
