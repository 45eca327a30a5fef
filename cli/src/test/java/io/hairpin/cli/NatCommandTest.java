package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.nat.Dependence;
import io.hairpin.client.nat.NatReport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

class NatCommandTest {

    private static final InetSocketAddress SERVER = address("198.51.100.1", 3478);
    private static final InetSocketAddress OTHER = address("198.51.100.2", 3479);
    private static final InetSocketAddress LOCAL = address("10.0.0.2", 40_000);
    private static final InetSocketAddress MAPPED = address("203.0.113.1", 50_000);

    private final Terminal terminal = Terminal.bare();

    @Test
    void helpTeachesByExamplesAndFitsIntoATerminal() {
        Terminal.Printed printed = terminal.run("help", "nat");

        assertThat(printed.code()).isZero();
        assertThat(printed.out())
                .startsWith("Usage: hairpin nat")
                .contains("SERVER[:PORT]", "--lifetime=TIME", "--json", "nat-discovery")
                .contains("Examples:", "Exit codes:");
        assertThat(printed.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(terminal.run("nat", "--help").out()).isEqualTo(printed.out());
    }

    @ParameterizedTest
    @CsvSource({
        "'', Missing required parameter",
        "'127.0.0.1:0', is not a server",
        "'turn:127.0.0.1', 'looked at by stun: and over UDP, not by turn:'",
        "'127.0.0.1 --patience 5', is not a length of time",
        "'127.0.0.1 --patience 1ms', too impatient",
        "'127.0.0.1 --lifetime 0s', a lifetime is not positive",
        "'127.0.0.1 --local-port 70000', --local-port is 0 to 65535",
        "'127.0.0.1 127.0.0.2', Unmatched argument",
    })
    void aMistakeIsOneLineThatSaysWhat(String arguments, String message) {
        Terminal.Printed printed = terminal.run(("nat " + arguments).strip().split(" ", -1));

        assertThat(printed.code()).isEqualTo(2);
        assertThat(printed.err()).startsWith("error: ").containsIgnoringCase(message);
        assertThat(printed.out()).isEmpty();
    }

    @Test
    void aNameWithoutAnAddressIsAFailure() {
        Terminal.Printed printed = terminal.run("nat", "no-such-host.invalid");

        assertThat(printed.code()).isEqualTo(1);
        assertThat(printed.err()).startsWith("error: there is no address for no-such-host.invalid");
    }

    @Test
    void everythingThatWasFoundIsALine() {
        NatReport report =
                new NatReport(
                        SERVER,
                        LOCAL,
                        Optional.of(MAPPED),
                        Optional.of(OTHER),
                        Optional.of(Dependence.ADDRESS_DEPENDENT),
                        Optional.of(Dependence.ADDRESS_AND_PORT_DEPENDENT),
                        Optional.of(false),
                        Optional.of(
                                new NatReport.Lifetime(
                                        Duration.ofSeconds(30),
                                        Optional.of(Duration.ofMillis(32_500)))),
                        List.of());

        assertThat(new NatSummary(report).lines())
                .containsExactly(
                        "server       198.51.100.1:3478, and 198.51.100.2:3479",
                        "address      10.0.0.2:40000 is seen as 203.0.113.1:50000: there is a NAT",
                        "mapping      address-dependent: another public port for each address sent"
                                + " to",
                        "filtering    address-and-port-dependent: lets in addresses and ports that"
                                + " were sent to",
                        "hairpinning  no: clients behind it do not reach each other by their public"
                                + " addresses",
                        "lifetime     an unused mapping ends between 30.0 s and 32.5 s",
                        "so           peers behind a NAT that filters need a relay (TURN)");
        assertThat(new NatJson(report).text())
                .isEqualTo(
                        "{\"server\":\"198.51.100.1:3478\",\"otherAddress\":\"198.51.100.2:3479\","
                                + "\"local\":\"10.0.0.2:40000\",\"mapped\":\"203.0.113.1:50000\","
                                + "\"udpBlocked\":false,\"nat\":true,"
                                + "\"mapping\":\"address-dependent\","
                                + "\"filtering\":\"address-and-port-dependent\","
                                + "\"hairpinning\":false,"
                                + "\"lifetime\":{\"atLeastSeconds\":30.0,\"lessThanSeconds\":32.5},"
                                + "\"remarks\":[]}");
    }

    @Test
    void whatWasNotFoundIsLeftOutOrNull() {
        NatReport report =
                new NatReport(
                        SERVER,
                        LOCAL,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of());

        assertThat(new NatSummary(report).lines())
                .containsExactly(
                        "server       198.51.100.1:3478",
                        "address      10.0.0.2:40000, and nothing comes back over UDP");
        assertThat(new NatJson(report).text())
                .contains("\"udpBlocked\":true", "\"mapping\":null", "\"lifetime\":null");
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }
}
