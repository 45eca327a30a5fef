package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

class PlainServeTest {

    @TempDir Path folder;

    @Test
    void aloneItLeavesTheConfigurationToTheUsualPlaces() {
        assertThat(parse("serve").orElseThrow().find()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c", "--config"})
    void theFileIsTheOneThatIsNamed(String option) throws IOException {
        Path file = Files.writeString(folder.resolve("my hairpin.yaml"), "realm: example.org\n");

        ConfigurationOption plain = parse("serve", option, file.toString()).orElseThrow();

        assertThat(plain.find().orElseThrow().source()).isEqualTo(file.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "check",
                "help serve",
                "check -c hairpin.yaml",
                "serve --help",
                "serve -c",
                "serve --config",
                "serve hairpin.yaml",
                "serve -chairpin.yaml",
                "serve --config=hairpin.yaml",
                "serve --conf hairpin.yaml",
                "serve -c --help",
                "serve -c @arguments",
                "serve -c hairpin.yaml --help",
                "serve -c a.yaml -c b.yaml"
            })
    void whateverElseThereIsIsLeftToPicocli(String line) {
        assertThat(parse(line.split(" "))).isEmpty();
        assertThat(parse("serve", "-c", "")).isEmpty();
    }

    private Optional<ConfigurationOption> parse(String... args) {
        return PlainServe.parse(args, Map.of(), folder.resolve("no-such-file"));
    }
}
