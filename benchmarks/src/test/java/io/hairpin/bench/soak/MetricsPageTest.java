package io.hairpin.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class MetricsPageTest {
    private static final MetricsPage PAGE =
            MetricsPage.parse(
                    """
                    # HELP hairpin_allocations_active Allocations that exist now
                    # TYPE hairpin_allocations_active gauge
                    hairpin_allocations_active{listener="127.0.0.1:3478",transport="udp"} 3.0
                    hairpin_allocations_active{listener="127.0.0.1:3478",transport="tcp"} 2.0
                    # TYPE hairpin_allocations_opened_total counter
                    hairpin_allocations_opened_total{transport="udp"} 17.0
                    # TYPE hairpin_certificate_days_left gauge
                    hairpin_certificate_days_left{certificate="a.pem"} 13.2
                    # TYPE hairpin_relay_ports_free gauge
                    hairpin_relay_ports_free 9995.0
                    # TYPE hairpin_limit_used gauge
                    hairpin_limit_used{limit="reservations"} 4.0
                    hairpin_limit_used{limit="tcp-connections"} 6.0
                    # TYPE jvm_memory_used_bytes gauge
                    jvm_memory_used_bytes{area="heap",id="Eden Space"} 1.5E6
                    jvm_memory_used_bytes{area="heap",id="Tenured Gen"} 9.0E6
                    jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 2.0E7
                    """);

    @Test
    void tablesAreTheServersGaugesOverAllListeners() {
        assertThat(PAGE.tables())
                .isEqualTo(
                        Map.of(
                                "hairpin_allocations_active",
                                5L,
                                "hairpin_relay_ports_free",
                                9995L,
                                "hairpin_limit_used reservations",
                                4L,
                                "hairpin_limit_used tcp-connections",
                                6L));
    }

    @Test
    void aSumTakesTheSeriesWithALabel() {
        assertThat(PAGE.sum("jvm_memory_used_bytes", "area=\"heap\"")).isEqualTo(10.5e6);
    }
}
