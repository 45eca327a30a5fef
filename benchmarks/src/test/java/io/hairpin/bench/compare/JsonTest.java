package io.hairpin.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

class JsonTest {
    @TempDir private Path folder = Path.of("");

    @Test
    void leavesAreNamedByTheirPath() {
        String report =
                """
                {"clients": 1000, "latencyMicros": {"p50": 42.5}, "failures": {}, "list": [7, "x"]}
                """;

        assertThat(Json.leaves(report))
                .containsEntry("clients", "1000")
                .containsEntry("latencyMicros.p50", "42.5")
                .containsEntry("list.1", "x")
                .hasSize(4);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Results results = SampleResults.of();
        Path file = folder.resolve("raw.json");

        Json.write(results, file);
        Results again = Json.read(file);

        assertThat(again.environment()).isEqualTo(results.environment());
        assertThat(again.measurements()).isEqualTo(results.measurements());
    }
}
