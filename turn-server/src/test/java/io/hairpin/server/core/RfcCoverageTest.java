package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

    /// Where the tests of other packages are, by what the page puts before their names.
    private static final Map<String, Path> FOLDERS =
            Map.of(
                    "stun", tests("stun-codec", "stun"),
                    "net", tests("net-io", "net"),
                    "dtls", tests("dtls", "dtls"),
                    "auth", tests("turn-server", "server/auth"),
                    "config", tests("turn-server", "server/config"),
                    "tls", tests("turn-server", "server/tls"),
                    "relay", tests("turn-server", "server/relay"),
                    "transport", tests("turn-server", "server/transport"),
                    "server", tests("turn-server", "server"),
                    "interop", tests("cli", "interop"));

    private static final Pattern ROW =
            Pattern.compile("\\| (\\d{4}) (§[0-9.]+(?: step [0-9]+)?) \\| ([^|]+) \\| ([^|]+) \\|");

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
                        .filter(line -> line.matches("\\| \\d.*"))
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

    /// Whether `stun/SomeTest.method`, or that of another folder, is in the sources.
    private static boolean declares(String test) throws IOException {
        int slash = test.indexOf('/');
        int dot = test.indexOf('.', slash);
        Path folder = FOLDERS.get(test.substring(0, slash));
        if (folder == null) {
            return false;
        }
        Path source = folder.resolve(test.substring(slash + 1, dot) + ".java");
        return Files.exists(source)
                && Files.readString(source).contains("void " + test.substring(dot + 1) + "(");
    }

    private static Path tests(String module, String folder) {
        return ROOT.resolve(module + "/src/test/java/io/hairpin").resolve(folder);
    }

    /// The repository, from whichever of its folders the tests run.
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("stun-codec"))
                ? here
                : Objects.requireNonNull(here.getParent(), "the root is no module");
    }
}
