package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.SourceQuotas.Outcome;

import org.junit.jupiter.api.Test;

import java.util.List;

class SourceQuotasTest {

    private final SourceQuotas quotas =
            new SourceQuotas(2, 3, List.of(Cidr.of("127.0.0.0/8"), Cidr.of("2001:db8:9::/48")));

    @Test
    void anAddressOfIpv4IsASourceAndA24ItsNetwork() {
        assertThat(taken("192.0.2.1", "192.0.2.1")).containsOnly(Outcome.GRANTED);
        assertThat(taken("192.0.2.1")).containsOnly(Outcome.ADDRESS_LIMIT);
        assertThat(taken("192.0.2.254")).containsOnly(Outcome.GRANTED);
        assertThat(taken("192.0.2.254")).containsOnly(Outcome.NETWORK_LIMIT);
        assertThat(taken("192.0.3.1")).containsOnly(Outcome.GRANTED);
    }

    @Test
    void a64OfIpv6IsASourceAndA48ItsNetwork() {
        assertThat(taken("2001:db8::1", "2001:db8::2:1")).containsOnly(Outcome.GRANTED);
        assertThat(taken("2001:db8::3")).containsOnly(Outcome.ADDRESS_LIMIT);
        assertThat(taken("2001:db8:0:ffff::1")).containsOnly(Outcome.GRANTED);
        assertThat(taken("2001:db8:0:fffe::1")).containsOnly(Outcome.NETWORK_LIMIT);
        assertThat(taken("2001:db8:1::1")).containsOnly(Outcome.GRANTED);
    }

    @Test
    void familiesDoNotMeet() {
        // The upper half of this one is what the numbers of 192.0.2.1 are made of.
        assertThat(taken("192.0.2.1", "192.0.2.1")).containsOnly(Outcome.GRANTED);
        assertThat(taken("0:ffff:c000:201::1")).containsOnly(Outcome.GRANTED);
    }

    @Test
    void whatIsGivenBackIsThereForTheNext() {
        assertThat(taken("192.0.2.1", "192.0.2.1", "192.0.2.2")).containsOnly(Outcome.GRANTED);
        assertThat(taken("192.0.2.2")).containsOnly(Outcome.NETWORK_LIMIT);
        quotas.release(TestAddresses.host("192.0.2.1"));

        assertThat(taken("192.0.2.2")).containsOnly(Outcome.GRANTED);
    }

    @Test
    void aRefusalTakesNothing() {
        taken("192.0.2.1", "192.0.2.1", "192.0.2.2");
        for (int i = 0; i < 10; i++) {
            taken("192.0.2.1", "192.0.2.2");
        }
        assertThat(quotas.mostOfAddress()).isEqualTo(2);
        assertThat(quotas.mostOfNetwork()).isEqualTo(3);
        List.of("192.0.2.1", "192.0.2.1", "192.0.2.2")
                .forEach(source -> quotas.release(TestAddresses.host(source)));

        assertNothingIsHeld();
    }

    @Test
    void whoIsExemptDoesNotCount() {
        for (int i = 0; i < 10; i++) {
            assertThat(taken("127.0.0.1", "2001:db8:9:1::1")).containsOnly(Outcome.GRANTED);
        }
        quotas.release(TestAddresses.host("127.0.0.1"));

        assertNothingIsHeld();
    }

    @Test
    void linkLocalAddressesAreOneSourceWhateverTheirInterface() {
        assertThat(taken("fe80::1%1", "fe80::2%2")).containsOnly(Outcome.GRANTED);
        assertThat(taken("fe80::3%3")).containsOnly(Outcome.ADDRESS_LIMIT);
    }

    private void assertNothingIsHeld() {
        assertThat(quotas.mostOfAddress()).isZero();
        assertThat(quotas.mostOfNetwork()).isZero();
    }

    private List<Outcome> taken(String... sources) {
        return List.of(sources).stream()
                .map(source -> quotas.tryAcquire(TestAddresses.host(source)))
                .toList();
    }
}
