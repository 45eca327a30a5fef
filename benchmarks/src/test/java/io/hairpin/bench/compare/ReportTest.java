package io.hairpin.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Map;

class ReportTest {
    private final Generator.Report report =
            new Generator.Report(
                    Map.of(
                            "clients",
                            "50",
                            "seconds",
                            "5.01",
                            "bottleneck",
                            "server",
                            "x",
                            "1E-3"));

    @Test
    void whatIsANumberIsKeptForLater() {
        assertThat(report.numbers()).containsOnlyKeys("clients", "seconds", "x");
        assertThat(report.number("seconds")).isEqualTo(5.01);
        assertThat(report.bottleneck()).isEqualTo("server");
    }

    @Test
    void aReportThatLacksWhatIsNeededIsRefused() {
        assertThatThrownBy(() -> report.number("failedClients"))
                .isInstanceOf(CompareException.class)
                .hasMessageContaining("failedClients");
    }
}
