package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.ConfigurationLoader;
import io.hairpin.server.config.Loaded;
import io.hairpin.server.config.LogFormat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class StartUpReportTest {

    @Test
    void itSaysInOneBlockWhatIsServedWhere() {
        StringWriter out = new StringWriter();

        report(Map.of("HAIRPIN_PEERS_ALLOW", "10.20.0.0/16,::1/128"))
                .print(LogFormat.TEXT, new PrintWriter(out));

        assertThat(out.toString())
                .isEqualToNormalizingNewlines(
                        """
                        Hairpin (not packaged) is serving
                          listening on udp 0.0.0.0:3478
                          relaying on 10.0.0.5
                          realm example.org
                          users: 1 user, 2 shared secrets
                          peers: public addresses; also allowed: 10.20.0.0/16, ::1/128
                          configuration: hairpin.yaml
                          warning: 10.0.0.5 is private
                        """);
    }

    @Test
    void warningsCanBeLeftOut() {
        assertThat(report(Map.of()).withoutWarnings().lines())
                .hasSize(6)
                .noneMatch(line -> line.startsWith("warning"));
    }

    @Test
    void manyRangesAreOnlyCounted() {
        assertThat(
                        report(
                                        Map.of(
                                                "HAIRPIN_PEERS_DENY",
                                                "1.0.0.1,1.0.0.2,1.0.0.3,1.0.0.4,1.0.0.5"))
                                .lines())
                .contains("peers: public addresses; also denied: 5 ranges");
    }

    @Test
    void denyingEverythingLeavesWhatIsAllowedByName() {
        Map<String, String> peers =
                Map.of(
                        "HAIRPIN_PEERS_DENY",
                        "0.0.0.0/0,::/0,127.0.0.9",
                        "HAIRPIN_PEERS_ALLOW",
                        "127.0.0.0/8");

        assertThat(report(peers).lines())
                .contains("peers: none; but allowed: 127.0.0.0/8; also denied: 127.0.0.9/32");
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
        return StartUpReport.of(
                "hairpin.yaml",
                configuration,
                List.of(
                        "listening on udp 0.0.0.0:3478",
                        "warning: 10.0.0.5 is private",
                        "relaying on 10.0.0.5"));
    }
}
