package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.load.LoadProgress;
import io.hairpin.client.load.Percentiles;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;

class LoadCommandTest {

    private final Terminal terminal = Terminal.bare();

    @Test
    void helpTeachesByExamplesAndFitsIntoATerminal() {
        Terminal.Printed printed = terminal.run("help", "load");

        assertThat(printed.code()).isZero();
        assertThat(printed.out())
                .startsWith("Usage: hairpin load")
                .contains("SERVER[:PORT]", "--saturate", "--allocate-only", "--invalid=R")
                .contains("Examples:", "Exit codes:");
        assertThat(printed.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @CsvSource({
        "'', Missing required parameter",
        "'127.0.0.1:0', is not a server",
        "'127.0.0.1:99999', is not a server",
        "'[::1', is not a server",
        "'stun:127.0.0.1', 'clients ask for relays, by turn: or turns:, not stun:'",
        "'turns:127.0.0.1 --transport udp', 'the URI, which means tls, contradict'",
        "'127.0.0.1 --rate 5 --saturate', exclude each other",
        "'127.0.0.1 --window 5', belongs to --saturate",
        "'127.0.0.1 --rounds 2', belongs to --allocate-only",
        "'127.0.0.1 --rounds 0 --allocate-only', set up at least once",
        "'127.0.0.1 --saturate --window 5 --burst 10', the window is smaller than a burst",
        "'127.0.0.1 --size 23', a payload has 24 to",
        "'127.0.0.1 --rate 0', no rate",
        "'127.0.0.1 --clients 0', there are 1 to",
        "'127.0.0.1 --threads 2 --clients 1', there are 1 to 1 threads",
        "'127.0.0.1 --duration 5', is not a length of time",
        "'127.0.0.1 --duration 0s', a positive duration",
        "'127.0.0.1 --user alice', belong together",
        "'127.0.0.1 --secret north --user alice --password x', makes users up",
        "'127.0.0.1 --direction sideways', expected one of",
        "'127.0.0.1 --client-network 127.1.0.0', is not a network",
        "'127.0.0.1 --client-network 127.1.0.0/31', is not a network",
        "'127.0.0.1 --client-network 127.1.0.0/28', there are 1 to 14",
        "'127.0.0.1 --client-network fd00::/64', of another family",
        "'127.0.0.1 --client-network 127.1.0.0/16 --transport tcp', only over UDP",
        "'127.0.0.1 --insecure', belong to --transport tls",
        "'127.0.0.1 --transport tcp --ca x.pem', belong to --transport tls",
        "'127.0.0.1 --transport tls --ca x.pem --insecure', exclude each other",
        "'127.0.0.1 --transport dtls --ca /nowhere/x.pem', cannot read --ca: /nowhere/x.pem",
        "'127.0.0.1 --half-open tls=0', there are 1 to",
        "'127.0.0.1 --half-open quic=5', expected one of",
        "'127.0.0.1 --peer-address 0.0.0.0', need an address of their own",
    })
    void aMistakeIsOneLineThatSaysWhat(String arguments, String message) {
        Terminal.Printed printed = terminal.run(("load " + arguments).strip().split(" ", -1));

        assertThat(printed.code()).isEqualTo(2);
        assertThat(printed.err()).startsWith("error: ").containsIgnoringCase(message);
        assertThat(printed.out()).isEmpty();
    }

    @Test
    void progressIsOneLineOnATerminal() {
        StringWriter out = new StringWriter();
        LoadProgressLine line = new LoadProgressLine(new PrintWriter(out), true);

        line.show(progress(LoadProgress.Step.MEASURE, 3));
        line.show(progress(LoadProgress.Step.LEAVE, 0));
        line.end();

        String first =
                "measure   4 s  97/100 clients, 3 failed  up 5,000/s down 4,900/s"
                        + " 13.6 Mbit/s loss 0.20 %  p50 40 p99 120 µs";
        String second = "leave     4 s  100/100 clients";
        assertThat(out)
                .hasToString(
                        "\r"
                                + first
                                + "\r"
                                + second
                                + " ".repeat(first.length() - second.length())
                                + System.lineSeparator());
    }

    @Test
    void elsewhereItIsALineEveryFewSeconds() {
        StringWriter out = new StringWriter();
        LoadProgressLine line = new LoadProgressLine(new PrintWriter(out), false);

        for (int second = 0; second < 10; second++) {
            line.show(progress(LoadProgress.Step.HOLD, 0));
        }
        line.end();

        assertThat(out.toString().lines())
                .hasSize(2)
                .allMatch(text -> text.equals("hold      4 s  100/100 clients"));
    }

    private static LoadProgress progress(LoadProgress.Step step, int failed) {
        return new LoadProgress(
                step,
                Duration.ofSeconds(4),
                100,
                100 - failed,
                failed,
                5000,
                4900,
                13.6,
                0.2,
                new Percentiles(40, 80, 120, 200, 300));
    }
}
