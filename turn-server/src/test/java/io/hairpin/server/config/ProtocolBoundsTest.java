package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Values that the RFCs leave operators no choice about.
class ProtocolBoundsTest {

    private static final String SMALLEST =
            """
            realm: example.org
            authentication: { shared-secrets: [ north ] }
            """;

    @TempDir Path folder;

    @Test
    void peersHaveThirtySecondsToAcceptAConnection() throws IOException {
        assertThat(load("limits: { peer-connect-timeout: 30s }")).isInstanceOf(Loaded.Valid.class);
        assertThat(problems("limits: { peer-connect-timeout: 29s }"))
                .containsExactly(
                        folder.resolve("hairpin.yaml")
                                + ":3:33: limits.peer-connect-timeout is 29s: it is out of range;"
                                + " choose 30s to 24h");
    }

    @Test
    void relaysAreNotOpenedOnThePortsOfServices() throws IOException {
        assertThat(load("relay: { ports: 1024-2047 }")).isInstanceOf(Loaded.Valid.class);
        assertThat(problems("relay: { ports: 1023-2047 }"))
                .containsExactly(
                        folder.resolve("hairpin.yaml")
                                + ":3:17: relay.ports is 1023-2047: ports below 1024 are those of"
                                + " services, which a relay should not pose as; choose ports from"
                                + " 1024 on, such as 49152-65535");
    }

    private List<String> problems(String more) throws IOException {
        return ((Loaded.Invalid) load(more))
                .problems().stream().map(ConfigProblem::toString).toList();
    }

    private Loaded load(String more) throws IOException {
        Path file = folder.resolve("hairpin.yaml");
        Files.writeString(file, SMALLEST + more);
        return ConfigurationLoader.load(file, Map.of());
    }
}
