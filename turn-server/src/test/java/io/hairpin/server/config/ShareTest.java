package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Limits on what allocations hold, which follow the limits of allocations unless they are set.
class ShareTest {

    private static final String REST =
            """
            realm: example.org
            relay: { mobility: true }
            authentication: { users: { alice: a } }
            """;

    @TempDir private Path folder;

    @Test
    void whoHasRoomForMoreAllocationsHasItForWhatTheyHold() throws IOException {
        LimitsConfig limits = limits("{ allocations-per-user: 10000, allocations: 50000 }");

        assertThat(limits.permissionsPerUser()).isEqualTo(160_000);
        assertThat(limits.permissions()).isEqualTo(800_000);
        assertThat(limits.channelsPerUser()).isEqualTo(160_000);
        assertThat(limits.channels()).isEqualTo(800_000);
        assertThat(limits.movesPerUser()).isEqualTo(5000);
        assertThat(limits.moves()).isEqualTo(25_000);
    }

    @Test
    void whatOneAllocationMayHoldItsUserMayHold() throws IOException {
        LimitsConfig limits =
                limits("{ allocations-per-user: 1, permissions-per-allocation: 1000 }");

        assertThat(limits.permissionsPerUser()).isEqualTo(1000);
        assertThat(limits.permissions()).isEqualTo(2_500_000);
        assertThat(limits.channelsPerUser()).isEqualTo(64);
        assertThat(limits.movesPerUser()).isEqualTo(1);
    }

    @Test
    void thereIsOneForEachAllocation() throws IOException {
        LimitsConfig limits = limits("{ permissions-per-allocation: 1 }");

        assertThat(limits.permissions()).isEqualTo(10_000);
        assertThat(limits.permissionsPerUser()).isEqualTo(20);
    }

    @Test
    void whatIsSetFollowsNothing() throws IOException {
        LimitsConfig limits =
                limits(
                        "{ permissions-per-user: 5, channels: 7, moves: 3,"
                                + " sources: { permissions-per-address: 6 } }");

        assertThat(limits.permissionsPerUser()).isEqualTo(5);
        assertThat(limits.channels()).isEqualTo(7);
        assertThat(limits.moves()).isEqualTo(3);
        assertThat(limits.sources().permissionsPerAddress()).isEqualTo(6);
        assertThat(limits.sources().permissionsPerNetwork()).isEqualTo(80_000);
    }

    @Test
    void aSourceWithRoomForFewAllocationsHasItForAllOfOne() throws IOException {
        SourcesConfig sources = limits("{ sources: { allocations-per-address: 1 } }").sources();

        assertThat(sources.permissionsPerAddress()).isEqualTo(64);
        assertThat(sources.channelsPerAddress()).isEqualTo(64);
        assertThat(sources.movesPerAddress()).isEqualTo(1);
    }

    @Test
    void aMistakeInAllocationsIsOneMistake() throws IOException {
        assertThat(problems("{ sources: { allocations-per-address: 6000 } }"))
                .singleElement()
                .asString()
                .contains("limits.sources.allocations-per-address is 6000: it never matters");
        assertThat(problems("{ allocations: 3000000 }"))
                .singleElement()
                .asString()
                .contains("limits.allocations is 3000000: it is out of range");
        assertThat(problems("{ allocations: many }"))
                .singleElement()
                .asString()
                .contains("limits.allocations is many");
    }

    @Test
    void theyHaveBounds() throws IOException {
        assertThat(problems("{ permissions: 0, moves-per-user: 0, channels: 2000000000 }"))
                .hasSize(3)
                .allMatch(problem -> problem.contains("choose 1 to 1000000000"));
        assertThat(
                        problems(
                                "{ sources: { moves-per-address: 5, moves-per-network: 4,"
                                        + " channels-per-network: 0 } }"))
                .hasSize(3)
                .anyMatch(problem -> problem.contains("it never matters: moves-per-network is 4"))
                .anyMatch(
                        problem -> problem.contains("it never matters: channels-per-network is 0"))
                .anyMatch(problem -> problem.contains("channels-per-network is 0: it is out of"));
    }

    private LimitsConfig limits(String limits) throws IOException {
        Loaded loaded = load(limits);
        assertThat(loaded).isInstanceOf(Loaded.Valid.class);
        return ((Loaded.Valid) loaded).configuration().limits();
    }

    private List<String> problems(String limits) throws IOException {
        return switch (load(limits)) {
            case Loaded.Valid _ -> List.of();
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    problems.stream().map(ConfigProblem::toString).toList();
        };
    }

    private Loaded load(String limits) throws IOException {
        Path file = folder.resolve("hairpin.yaml");
        Files.writeString(file, REST + "limits: " + limits + "\n");
        return ConfigurationLoader.load(file, Map.of());
    }
}
