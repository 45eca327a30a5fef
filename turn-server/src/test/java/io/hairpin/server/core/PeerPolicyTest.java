package io.hairpin.server.core;

import static io.hairpin.server.core.PeerPolicy.Reach.ALL;
import static io.hairpin.server.core.PeerPolicy.Reach.NOTHING;
import static io.hairpin.server.core.PeerPolicy.Reach.NOT_OUR_ENDPOINTS;
import static io.hairpin.server.core.PeerPolicy.Reach.OPEN_RELAYS;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.PeerPolicy.Reach;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.util.List;

/// RFC 8656 §10.2 and §12.2: whom a client may reach. That no spelling of an address makes a
/// difference is [PeerPolicyEncodingTest]'s.
class PeerPolicyTest {

    private final FakeOwnAddresses own = new FakeOwnAddresses();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255",
                "172.32.0.0", "192.167.255.255", "192.169.0.0", "223.255.255.255", "198.17.255.255",
                "198.20.0.0", "2a00:1450::8", "2606:4700::1", "2001:4860:4860::8888",
                        "64:ff9b::808:808"
            })
    void thePublicInternetIsOpen(String peer) {
        assertThat(reach(defaults(), peer)).isEqualTo(ALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // this network, loopback
                "0.0.0.0",
                "0.1.2.3",
                "127.0.0.1",
                "127.255.255.255",
                "::",
                "::1",
                // private, carrier-grade NAT
                "10.0.0.0",
                "10.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "100.64.0.0",
                "100.127.255.255",
                "fc00::1",
                "fdff:ffff::1",
                "fec0::1",
                // link-local, cloud metadata
                "169.254.0.1",
                "169.254.169.254",
                "168.63.129.16",
                "fe80::1",
                "febf::1",
                "fd00:ec2::254",
                // multicast, broadcast, reserved
                "224.0.0.1",
                "239.255.255.255",
                "255.255.255.255",
                "240.0.0.1",
                "ff02::1",
                // documentation, benchmarking, protocol assignments
                "192.0.2.1",
                "198.51.100.1",
                "203.0.113.1",
                "2001:db8::1",
                "3fff::1",
                "198.18.0.1",
                "198.19.255.255",
                "192.0.0.1",
                "192.88.99.1",
                "100::1",
                "5f00::1",
                // wrappings of IPv4 as such
                "2002:808:808::1",
                "2001::1",
                "64:ff9b:1::808:808"
            })
    @Rfc({"8656 §10.2", "8656 §12.2", "8656 §21.4"})
    void whatIsNoPeerOnThePublicInternetIsDenied(String peer) {
        assertThat(reach(defaults(), peer)).isEqualTo(NOTHING);
    }

    @Test
    void anAllowRuleOpensItsRangeAndNoMore() {
        PeerPolicy policy = policy(List.of("10.1.0.0/16", "::1"), List.of());

        assertThat(reach(policy, "10.1.2.3")).isEqualTo(ALL);
        assertThat(reach(policy, "10.2.2.3")).isEqualTo(NOTHING);
        assertThat(reach(policy, "::1")).isEqualTo(ALL);
        assertThat(reach(policy, "127.0.0.1")).isEqualTo(NOTHING);
    }

    @Test
    void anAllowRuleAsLongAsABuiltInOneBeatsIt() {
        PeerPolicy policy = policy(List.of("10.0.0.0/8", "127.0.0.0/8"), List.of());

        assertThat(reach(policy, "10.2.2.3")).isEqualTo(ALL);
        assertThat(reach(policy, "127.0.0.1")).isEqualTo(ALL);
    }

    @Test
    void aShorterAllowRuleOpensNothingDeniedByName() {
        PeerPolicy policy = policy(List.of("0.0.0.0/0", "::/0"), List.of());

        assertThat(reach(policy, "10.2.2.3")).isEqualTo(NOTHING);
        assertThat(reach(policy, "169.254.169.254")).isEqualTo(NOTHING);
        assertThat(reach(policy, "fe80::1")).isEqualTo(NOTHING);
        assertThat(reach(policy, "8.8.8.8")).isEqualTo(ALL);
    }

    @Test
    void theMostSpecificRuleWins() {
        PeerPolicy policy =
                policy(List.of("8.8.8.0/24", "8.8.8.8/32"), List.of("8.0.0.0/8", "8.8.8.8/31"));

        assertThat(reach(policy, "8.1.1.1")).isEqualTo(NOTHING);
        assertThat(reach(policy, "8.8.8.1")).isEqualTo(ALL);
        assertThat(reach(policy, "8.8.8.9")).isEqualTo(NOTHING);
        assertThat(reach(policy, "8.8.8.8")).isEqualTo(ALL);
    }

    @Test
    void aDenyRuleWinsATie() {
        PeerPolicy policy = policy(List.of("8.8.8.0/24"), List.of("8.8.8.0/24"));

        assertThat(reach(policy, "8.8.8.8")).isEqualTo(NOTHING);
    }

    @Test
    void theOrderOfTheRulesDoesNotMatter() {
        PeerPolicy one = policy(List.of("10.1.0.0/16", "10.1.1.1"), List.of("10.1.1.0/24"));
        PeerPolicy other = policy(List.of("10.1.1.1", "10.1.0.0/16"), List.of("10.1.1.0/24"));

        for (String peer : List.of("10.1.0.1", "10.1.1.2", "10.1.1.1", "10.2.0.0", "8.8.8.8")) {
            assertThat(reach(one, peer)).as(peer).isEqualTo(reach(other, peer));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1"})
    void whatNamesNoSingleHostIsNeverOpened(String peer) {
        PeerPolicy policy = policy(List.of("0.0.0.0/0", "::/0", peer), List.of());

        assertThat(reach(policy, peer)).isEqualTo(NOTHING);
    }

    @Test
    void everyBuiltInDenialCanBeOpenedByAllowingItsRange() {
        for (PeerPolicy.Rule rule : SpecialPurposeRanges.DENIED) {
            InetAddress first = rule.range().network();
            PeerPolicy policy = new PeerPolicy(List.of(rule.range()), List.of(), own);

            if (EmbeddedIpv4.behind(first).isEmpty()) { // a wrapping opens by what is inside
                assertThat(policy.permission(first).reach()).as("%s", rule).isEqualTo(ALL);
            }
        }
    }

    @Test
    void ourOwnEndpointsAreRefusedEvenWhereAllowed() {
        own.endpoints.add(TestAddresses.of("10.0.0.5:3478"));
        PeerPolicy policy = policy(List.of("10.0.0.5"), List.of());

        Reach reach = reach(policy, "10.0.0.5");

        assertThat(reach).isEqualTo(NOT_OUR_ENDPOINTS);
        assertThat(TestAddresses.admits(policy, reach, "10.0.0.5:3478")).isFalse();
        assertThat(TestAddresses.admits(policy, reach, "10.0.0.5:3479")).isTrue();
        assertThat(TestAddresses.admits(policy, reach, "10.0.0.5:0")).isFalse();
    }

    @Test
    void ourOwnOpenRelaysAreReachedEvenWhereDenied() {
        own.relayAddresses.add(TestAddresses.host("10.0.0.5"));
        own.openRelays.add(TestAddresses.of("10.0.0.5:50000"));

        Reach reach = reach(defaults(), "10.0.0.5");

        assertThat(reach).isEqualTo(OPEN_RELAYS);
        assertThat(TestAddresses.admits(defaults(), reach, "10.0.0.5:50000")).isTrue();
        assertThat(TestAddresses.admits(defaults(), reach, "10.0.0.5:50001")).isFalse();
        assertThat(TestAddresses.admits(defaults(), reach, "10.0.0.5:22")).isFalse();
    }

    @Test
    void anExplicitDenialStillLeavesOurOwnRelaysToEachOther() {
        own.relayAddresses.add(TestAddresses.host("8.8.8.8"));
        PeerPolicy policy = policy(List.of(), List.of("8.8.8.8"));

        assertThat(reach(policy, "8.8.8.8")).isEqualTo(OPEN_RELAYS);
    }

    @Test
    void aRefusalSaysWhichRuleItWas() {
        assertThat(defaults().permission(TestAddresses.host("10.1.1.1")).rule())
                .hasToString("denied by 10.0.0.0/8 (private)");
        assertThat(policy(List.of(), List.of("8.0.0.0/8")).permission(host8()).rule())
                .hasToString("denied by 8.0.0.0/8 (peers.deny)");
    }

    private static InetAddress host8() {
        return TestAddresses.host("8.8.8.8");
    }

    private PeerPolicy defaults() {
        return policy(List.of(), List.of());
    }

    private PeerPolicy policy(List<String> allow, List<String> deny) {
        return new PeerPolicy(
                allow.stream().map(Cidr::of).toList(), deny.stream().map(Cidr::of).toList(), own);
    }

    private static Reach reach(PeerPolicy policy, String peer) {
        return policy.permission(TestAddresses.host(peer)).reach();
    }
}
