package io.hairpin.server;

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

/// Keeps `docs/advisories.md` and the tests it names equal.
class AdvisoriesPageTest {

    private static final Path ROOT = root();
    private static final Path TESTS = ROOT.resolve("turn-server/src/test/java/io/hairpin/server");

    private static final String PACKAGE = AdvisoriesPageTest.class.getPackageName();

    private static final Pattern ROW = Pattern.compile("\\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");

    /// A test on the page, such as `core/PeerAdvisoriesTest.someMethod`.
    private static final Pattern TEST = Pattern.compile("`([A-Za-z/]+)\\.([A-Za-z0-9]+)`");

    @Test
    void thePageAndTheAnnotationsNameTheSamePairs() throws Exception {
        assertThat(documented()).hasSizeGreaterThan(40).isEqualTo(annotated());
    }

    @Test
    void everyRowNamesATest() throws IOException {
        for (Matcher row : rows()) {
            assertThat(row.group(3)).as(row.group(1)).containsPattern(TEST);
        }
    }

    private static Set<String> documented() throws IOException {
        Set<String> pairs = new TreeSet<>();
        for (Matcher row : rows()) {
            TEST.matcher(row.group(3))
                    .results()
                    .forEach(
                            test ->
                                    pairs.add(
                                            "%s %s.%s"
                                                    .formatted(
                                                            row.group(1),
                                                            test.group(1),
                                                            test.group(2))));
        }
        return pairs;
    }

    private static List<Matcher> rows() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/advisories.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .filter(row -> !row.group(1).equals("advisory"))
                .toList();
    }

    private static Set<String> annotated() throws Exception {
        Set<String> pairs = new TreeSet<>();
        try (Stream<Path> files = Files.walk(TESTS)) {
            for (Path file : files.filter(AdvisoriesPageTest::isOfAdvisories).toList()) {
                String name = TESTS.relativize(file).toString().replace(".java", "");
                String type = PACKAGE + "." + name.replace('/', '.');
                for (Method method : Class.forName(type).getDeclaredMethods()) {
                    Advisory advisory = method.getAnnotation(Advisory.class);
                    if (advisory != null) {
                        Arrays.stream(advisory.value())
                                .forEach(id -> pairs.add(id + " " + name + "." + method.getName()));
                    }
                }
            }
        }
        return pairs;
    }

    private static boolean isOfAdvisories(Path file) {
        return file.getFileName().toString().matches("[A-Za-z]+Advisories(Test|IT)\\.java");
    }

    /// The repository, from whichever of its folders the tests run.
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("stun-codec"))
                ? here
                : Objects.requireNonNull(here.getParent(), "the root is no module");
    }
}
