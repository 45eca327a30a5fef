package io.hairpin.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A soak in seconds: long enough for every kind of client to come and go many times, too short to
/// judge memory by.
class SoakIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    @Test
    void everythingEndsWhereItBegan(@TempDir Path folder) {
        assumeTrue(
                Files.exists(HOME.resolve("cli/target/hairpin/lib/hairpin.jar")),
                "the server is not built");
        SoakPlan plan =
                new SoakPlan(
                        Duration.ofSeconds(10),
                        25,
                        400,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(2),
                        8656);

        SoakReport report =
                new SoakRun(plan, HOME.resolve("hairpin"), folder, Map.of(), _ -> {}).run();

        assertThat(report.checks())
                .as("%s", report.markdown())
                .noneMatch(check -> isExact(check) && check.state() == Check.State.BROKEN);
        assertThat(report.outcome().lived().keySet())
                .containsAll(List.of(Life.values()).stream().map(Life::name).toList());
    }

    /// How many clients a busy machine keeps waiting, and what its memory does, proves nothing.
    private static boolean isExact(Check check) {
        return check.what().equals("descriptors")
                || check.what().startsWith("hairpin_")
                || check.what().equals("what the server complained of");
    }
}
