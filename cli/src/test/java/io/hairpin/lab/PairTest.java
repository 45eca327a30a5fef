package io.hairpin.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which route a pair of networks leaves.
class PairTest {

    @ParameterizedTest
    @CsvSource({
        "public, public, direct",
        "public, symmetric, reflexive",
        "full-cone, symmetric, reflexive",
        "address-restricted, symmetric, reflexive",
        "port-restricted, port-restricted, reflexive",
        "port-restricted, symmetric, relayed",
        "symmetric, symmetric, relayed",
        "symmetric-no-hairpin, symmetric-no-hairpin, relayed",
        "cgnat, cgnat, reflexive",
        "cgnat, symmetric, relayed",
        "ipv6-nat64, ipv6-nat64, direct",
        "ipv6-nat64, public, relayed",
        "no-udp, public, relayed",
        "tcp-443, full-cone, relayed"
    })
    void theBestRouteFollowsFromWhatTheNatsDo(String one, String other, String route) {
        Kind a = Kind.find(one).orElseThrow();
        Kind b = Kind.find(other).orElseThrow();

        assertThat(new Pair(a, b).expected()).hasToString(route);
        assertThat(new Pair(b, a).expected()).hasToString(route);
    }

    @Test
    void everyTwoNetworksAreTriedOnce() {
        int kinds = Kind.values().length;

        assertThat(Pair.all()).doesNotHaveDuplicates().hasSize(kinds * (kinds + 1) / 2);
        assertThat(Pair.all()).containsAll(Pair.SHORT);
    }
}
