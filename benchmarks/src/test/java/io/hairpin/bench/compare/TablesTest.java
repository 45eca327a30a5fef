package io.hairpin.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.bench.report.Table;

import org.junit.jupiter.api.Test;

import java.util.List;

class TablesTest {
    private final List<String> lines =
            new Tables(SampleResults.of())
                    .markdown()
                    .lines()
                    .map(line -> line.replaceAll(" +", " "))
                    .toList();

    @Test
    void everyGoalSaysWhetherItIsReached() {
        assertThat(lines)
                .contains(
                        "| CPU per packet, a | ns of CPU per packet | 5000 | 8000 | 0.625"
                                + " | ≤ 0.80 | reached | 4000 | 1.250 | ≤ 1.10 | **missed** |",
                        "| round trip p50, a | µs, p50 | 44.0 | 40.0 | 1.100 | ≤ 1.00"
                                + " | **missed** | 30.0 | 1.47 | | |");
    }

    @Test
    void aGoalWithoutAnythingToCompareWithIsNeitherReachedNorMissed() {
        assertThat(lines)
                .contains(
                        "| first answer after exec | ms from exec to the first answer | 480"
                                + " | – | – | | | – | – | | |");
    }

    @Test
    void aGoalThatWasNotMeasuredIsLeftOut() {
        assertThat(lines).noneMatch(line -> line.contains("allocations set up"));
    }

    @Test
    void aServerHasItsMediansItsSpreadAndItsRatios() {
        assertThat(lines)
                .contains(
                        "| C limit | 200 (198–202) | 2.00 | – | 4000 (3960–4040) | 0.50 | –"
                                + " | 30.0 | 60.0 | 300 | – | – | – |");
    }

    @Test
    void aServerThatCouldHaveDoneMoreIsMarked() {
        assertThat(lines)
                .anyMatch(line -> line.startsWith("| Hairpin | ≥ 180 (178–182) | 1.80 |"))
                .anyMatch(line -> line.startsWith("≥: in some turn the generator"));
    }

    @Test
    void columnsAreAligned() {
        Table table = new Table("", "µs");
        table.row("a", "1");
        table.row("longer", "12345");

        assertThat(table.markdown())
                .isEqualTo(
                        """
                        |        |    µs |
                        |--------|------:|
                        | a      |     1 |
                        | longer | 12345 |
                        """);
    }
}
