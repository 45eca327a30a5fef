package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// `conf/hairpin.yaml` is the reference of the keys, so it shows all of them and tells the truth.
class ShippedConfigurationTest {

    private static final Map<String, String> REQUIRED =
            Map.of(
                    "HAIRPIN_REALM", "example.org",
                    "HAIRPIN_AUTHENTICATION_SHARED_SECRETS", "[north]");

    private static final Path FILE = Path.of("..", "conf", "hairpin.yaml");

    @Test
    void everyValueShownIsTheDefault() {
        assertThat(ConfigurationLoader.load(FILE, REQUIRED))
                .isInstanceOf(Loaded.Valid.class)
                .isEqualTo(ConfigurationLoader.load(REQUIRED));
    }

    @Test
    void everyKeyIsShown() throws IOException {
        String yaml = Files.readString(FILE);

        for (Keys.Leaf leaf : Keys.leaves()) {
            String key = leaf.path().substring(leaf.path().lastIndexOf('.') + 1);
            boolean nested = leaf.path().contains(".");
            assertThat(yaml)
                    .as(leaf.path())
                    .containsPattern(
                            Pattern.compile(
                                    (nested ? "^ +(# )?" : "^(# )?") + key + ":",
                                    Pattern.MULTILINE));
        }
    }

    @Test
    void itHoldsNoCredentials() {
        assertThat(ConfigurationLoader.load(FILE, Map.of("HAIRPIN_REALM", "example.org")))
                .isInstanceOfSatisfying(
                        Loaded.Invalid.class,
                        invalid ->
                                assertThat(invalid.problems())
                                        .extracting(ConfigProblem::key)
                                        .isEqualTo(List.of("authentication.users")));
    }
}
