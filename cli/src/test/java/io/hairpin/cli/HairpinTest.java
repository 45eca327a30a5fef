package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HairpinTest {

    private final Terminal terminal = Terminal.bare();

    @Test
    void helpTeachesTheCommandsAndTheExitCodes() {
        Terminal.Printed printed = terminal.run("--help");

        assertThat(printed.code()).isZero();
        assertThat(printed.out())
                .contains("serve", "check", "credentials", "help")
                .contains("hairpin serve -c hairpin.yaml")
                .contains("2   the configuration or the command line is wrong");
        assertThat(printed.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "check", "credentials"})
    void everyCommandExplainsItself(String command) {
        Terminal.Printed printed = terminal.run("help", command);

        assertThat(printed.code()).isZero();
        assertThat(printed.out())
                .startsWith("Usage: hairpin " + command)
                .contains("--config=FILE", "Examples:", "Exit codes:");
        assertThat(printed.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(terminal.run(command, "--help").out()).isEqualTo(printed.out());
    }

    @Test
    void theVersionNamesTheJvmToo() {
        Terminal.Printed printed = terminal.run("--version");

        assertThat(printed.code()).isZero();
        assertThat(printed.out()).startsWith("hairpin ").contains("VM");
    }

    @Test
    void aMistypedCommandGetsASuggestion() {
        Terminal.Printed printed = terminal.run("serv");

        assertThat(printed.code()).isEqualTo(2);
        assertThat(printed.err()).startsWith("error: ").contains("serve");
        assertThat(printed.out()).isEmpty();
    }

    @Test
    void anUnknownOptionIsOneLineAndAHint() {
        Terminal.Printed printed = terminal.run("check", "--zzz");

        assertThat(printed.code()).isEqualTo(2);
        assertThat(printed.err())
                .isEqualToNormalizingNewlines(
                        """
                        error: Unknown option: '--zzz'
                        see: hairpin check --help
                        """);
    }

    @Test
    void withoutACommandItSaysWhichThereAre() {
        Terminal.Printed printed = terminal.run();

        assertThat(printed.code()).isEqualTo(2);
        assertThat(printed.err())
                .isEqualToNormalizingNewlines(
                        """
                        error: say what to do: serve, check, credentials, nat, load
                        see: hairpin --help
                        """);
    }
}
