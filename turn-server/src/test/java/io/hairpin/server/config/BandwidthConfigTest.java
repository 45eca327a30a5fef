package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `limits.bandwidth` and `limits.sources`.
class BandwidthConfigTest {

    private static final String REST =
            "realm: example.org\nauthentication: { shared-secrets: [ north ] }\n";

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "64kbit/s, 8000",
        "10Mbit/s, 1250000",
        "1Gbit/s, 125000000",
        "100Gbit/s, 12500000000",
        "unlimited, 0"
    })
    void aRateIsInBitsAndPowersOfTen(String text, long bytesPerSecond) {
        DataRate rate = new DataRate(bytesPerSecond);

        assertThat(DataRate.parse(text)).contains(rate);
        assertThat(rate).hasToString(text);
    }

    @Test
    void aRateIsWrittenInItsLargestWholeUnit() {
        assertThat(DataRate.parse("1500kbit/s"))
                .hasValueSatisfying(rate -> assertThat(rate).hasToString("1500kbit/s"));
        assertThat(DataRate.parse("20000kbit/s"))
                .hasValueSatisfying(rate -> assertThat(rate).hasToString("20Mbit/s"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "10M",
                "10Mbps",
                "10mbit/s",
                "10MBit/s",
                "2MB/s",
                "10 Mbit/s",
                "1.5Mbit/s",
                "0Mbit/s",
                "-1Mbit/s",
                "off",
                "1Tbit/s",
                "9999999999kbit/s"
            })
    void nothingElseIsARate(String text) {
        assertThat(DataRate.parse(text)).isEmpty();
    }

    @Test
    void noLimitIsAboveAllLimits() {
        DataRate slow = new DataRate(8000);
        DataRate fast = new DataRate(12_500_000_000L);

        assertThat(slow).isLessThan(fast);
        assertThat(fast).isLessThan(DataRate.UNLIMITED);
        assertThat(DataRate.UNLIMITED).isEqualByComparingTo(DataRate.UNLIMITED);
    }

    @Test
    void whatIsNoRateIsExplained() throws IOException {
        assertThat(problems("limits: { bandwidth: { per-user: 2MB/s } }"))
                .containsExactly(
                        "hairpin.yaml:3:34: limits.bandwidth.per-user is 2MB/s: it is not a rate;"
                                + " write a whole number with its unit, kbit/s, Mbit/s or Gbit/s,"
                                + " such as 10Mbit/s, which is 1.25 MB a second; or unlimited");
    }

    @Test
    void ratesHaveBounds() throws IOException {
        assertThat(problems("limits: { bandwidth: { server: 1kbit/s, burst: 2m } }"))
                .containsExactly(
                        "hairpin.yaml:3:32: limits.bandwidth.server is 1kbit/s: it is out of"
                                + " range; choose 64kbit/s to 100Gbit/s",
                        "hairpin.yaml:3:48: limits.bandwidth.burst is 2m: it is out of range;"
                                + " choose 1s to 1m");
    }

    @Test
    void aUserAboveTheServerIsAMistake() throws IOException {
        assertThat(problems("limits: { bandwidth: { per-user: 2Gbit/s, server: 1Gbit/s } }"))
                .containsExactly(
                        "hairpin.yaml:3:34: limits.bandwidth.per-user is 2Gbit/s: it never matters,"
                                + " since limits.bandwidth.server is 1Gbit/s; lower it, or raise"
                                + " limits.bandwidth.server");
    }

    @Test
    void anAddressAboveItsNetworkIsAMistake() throws IOException {
        assertThat(problems("limits: { sources: { handshakes-per-address: 501 } }"))
                .singleElement()
                .asString()
                .contains(
                        "is 501: it never matters: handshakes-per-network is 500; lower it, or"
                                + " raise limits.sources.handshakes-per-network");
    }

    private List<String> problems(String limits) throws IOException {
        Path file = Files.writeString(folder.resolve("hairpin.yaml"), REST + limits + "\n");
        return switch (ConfigurationLoader.load(file, Map.of())) {
            case Loaded.Valid _ -> List.of();
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    problems.stream()
                            .map(problem -> problem.toString().replace(folder + "/", ""))
                            .toList();
        };
    }
}
