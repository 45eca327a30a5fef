package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.ConfigurationLoader;
import io.hairpin.server.config.Loaded;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

class StartUpReportTest {

    @Test
    void itSaysInOneBlockWhatIsServedWhere() {
        assertThat(report(Map.of("HAIRPIN_PEERS_ALLOW", "10.20.0.0/16")).toText())
                .isEqualTo(
                        """
                        Hairpin (not packaged) is serving
                          realm       example.org
                          listening   udp 0.0.0.0:3478, tcp 0.0.0.0:3478
                          relaying    10.0.0.5 as 203.0.113.7
                          ports       49152-65535
                          users       1 user, 2 shared secrets
                          peers       public addresses; allowed: 10.20.0.0/16
                          admin       http://127.0.0.1:9641
                          data path   by hand
                          configured  hairpin.yaml\
                        """);
    }

    @Test
    void manyRangesAreOnlyCounted() {
        assertThat(report(Map.of("HAIRPIN_PEERS_DENY", "1.0.0.1,1.0.0.2,1.0.0.3,1.0.0.4,1.0.0.5")))
                .extracting(report -> report.facts().get("peers"))
                .isEqualTo("public addresses; denied: 5 ranges");
    }

    private static StartUpReport report(Map<String, String> peers) {
        Map<String, String> environment = new HashMap<>(peers);
        environment.put("HAIRPIN_REALM", "example.org");
        environment.put("HAIRPIN_AUTHENTICATION_USERS", "alice: x");
        environment.put("HAIRPIN_AUTHENTICATION_SHARED_SECRETS", "north,south");
        Configuration configuration =
                switch (ConfigurationLoader.load(environment)) {
                    case Loaded.Valid(Configuration valid) -> valid;
                    case Loaded.Invalid invalid -> throw new AssertionError(invalid.toString());
                };
        return new StartUpReport(
                "hairpin.yaml",
                configuration,
                List.of("udp 0.0.0.0:3478", "tcp 0.0.0.0:3478"),
                List.of("10.0.0.5 as 203.0.113.7"),
                "http://127.0.0.1:9641",
                "by hand");
    }
}
