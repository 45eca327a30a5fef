package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.SplittableRandom;

class SourceRatesTest {

    private static final long SECOND = 1_000_000_000L;
    private static final InetAddress ALICE = TestAddresses.host("192.0.2.1");

    private final SplittableRandom random = new SplittableRandom(3);

    @Test
    void aSourceHasItsShareAtOnceAndThenEvenly() {
        SourceRates rates = new SourceRates(10, 1_000_000, 1);

        assertThat(admitted(rates, ALICE, 100, 5 * SECOND)).isEqualTo(10);
        assertThat(admitted(rates, ALICE, 100, 5 * SECOND + SECOND / 10)).isEqualTo(1);
        assertThat(admitted(rates, ALICE, 100, 5 * SECOND + SECOND / 2)).isEqualTo(4);
        assertThat(admitted(rates, ALICE, 100, 50 * SECOND)).isEqualTo(10);
    }

    @Test
    void aNeighbourInTheSame64IsTheSameSource() {
        SourceRates rates = new SourceRates(3, 1_000_000, 1);

        assertThat(admitted(rates, TestAddresses.host("2001:db8::1"), 3, 0)).isEqualTo(3);
        assertThat(admitted(rates, TestAddresses.host("2001:db8::2"), 3, 0)).isZero();
        assertThat(admitted(rates, TestAddresses.host("2001:db8:0:1::1"), 3, 0)).isEqualTo(3);
    }

    @Test
    void aNetworkHasALimitOfItsOwn() {
        SourceRates rates = new SourceRates(3, 5, 1_000_000, 1);

        assertThat(admitted(rates, TestAddresses.host("198.18.7.1"), 4, 0)).isEqualTo(3);
        assertThat(admitted(rates, TestAddresses.host("198.18.7.255"), 4, 0)).isEqualTo(2);
        assertThat(admitted(rates, TestAddresses.host("198.18.6.255"), 4, 0)).isEqualTo(3);
        assertThat(admitted(rates, TestAddresses.host("2001:db8:7:1::"), 4, 0)).isEqualTo(3);
        assertThat(admitted(rates, TestAddresses.host("2001:db8:7:ffff::"), 4, 0)).isEqualTo(2);
        assertThat(admitted(rates, TestAddresses.host("2001:db8:8::"), 4, 0)).isEqualTo(3);
    }

    @Test
    void whatIsRefusedUsesUpNothingOfOthers() {
        SourceRates rates = new SourceRates(3, 8, 16, 1);

        assertThat(admitted(rates, TestAddresses.host("198.18.7.1"), 100, 0)).isEqualTo(3);
        assertThat(admitted(rates, TestAddresses.host("198.18.7.2"), 100, 0)).isEqualTo(3);
        assertThat(admitted(rates, TestAddresses.host("198.18.7.3"), 100, 0)).isEqualTo(2);
        assertThat(admitted(rates, TestAddresses.host("198.18.7.4"), 100, 0)).isZero();
        assertThat(admitted(rates, TestAddresses.host("198.18.8.1"), 100, 0)).isEqualTo(3);
        assertThat(admitted(rates, TestAddresses.host("198.18.9.1"), 100, 0)).isEqualTo(3);
        assertThat(admitted(rates, TestAddresses.host("198.18.9.2"), 100, 0)).isEqualTo(2);
    }

    @Test
    void allSourcesTogetherHaveALimitOfTheirOwn() {
        SourceRates rates = new SourceRates(10, 100, 1);
        int admitted = 0;
        for (int i = 0; i < 1000; i++) {
            admitted += admitted(rates, any(), 1, SECOND);
        }

        assertThat(admitted).isEqualTo(100);
    }

    @Test
    void fewAreHarmedByThoseWhoUseUpTheirShares() {
        SourceRates rates = new SourceRates(1, 1_000_000, random.nextLong());
        for (int i = 0; i < 500; i++) {
            admitted(rates, any(), 5, SECOND);
        }
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            refused += 1 - admitted(rates, any(), 1, SECOND);
        }

        // By then 1 of 16 places is in use for each row, and at the end 3 of 16.
        assertThat(refused).isLessThan(50);
    }

    @Test
    void aRateIsPositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SourceRates(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new SourceRates(1, 0, 1));
    }

    private static int admitted(SourceRates rates, InetAddress source, int times, long nowNanos) {
        int admitted = 0;
        for (int i = 0; i < times; i++) {
            admitted += rates.admits(source, nowNanos) ? 1 : 0;
        }
        return admitted;
    }

    private InetAddress any() {
        return TestAddresses.host(
                "%d.%d.%d.%d"
                        .formatted(
                                1 + random.nextInt(200),
                                random.nextInt(256),
                                random.nextInt(256),
                                random.nextInt(256)));
    }
}
