package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.Attributes.DONT_FRAGMENT;
import static io.hairpin.stun.Attributes.UNKNOWN_ATTRIBUTES;
import static io.hairpin.stun.ErrorCode.UNKNOWN_ATTRIBUTE;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.auth.Authenticator;
import io.hairpin.server.auth.Expiry;
import io.hairpin.server.auth.Nonces;
import io.hairpin.server.auth.StaticUsers;
import io.hairpin.server.auth.Term;
import io.hairpin.server.auth.Verdict;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.Present;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What becomes of DONT-FRAGMENT.
class DontFragmentTest {

    private static final String IPV4_CLIENT = "192.0.2.1:6000";
    private static final String IPV6_CLIENT = "[2001:db8::1]:6000";

    @Test
    @Rfc("8656 §7.2 step 4")
    void whereItCannotBeHeededItIsNotUnderstood() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.policy = TestPolicies.fragmenting();
        TurnScript turn = setting.start();
        ScriptClient alice = turn.client("alice");
        StunMessage request =
                alice.allocate(builder -> builder.with(DONT_FRAGMENT, Present.PRESENT));

        turn.receives(alice, request)
                .expect(
                        alice.error(request, UNKNOWN_ATTRIBUTE)
                                .with(UNKNOWN_ATTRIBUTES, List.of(DONT_FRAGMENT.code())));
        turn.receives(alice, alice.allocate()).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @ParameterizedTest
    @CsvSource({
        "UDP, IPV4, true",
        "DTLS, IPV4, true",
        "UDP, IPV6, false",
        "DTLS, IPV6, false",
    })
    @Rfc({"8656 §13", "8656 §14"})
    void ofWhatComesInIpv4DatagramsItCountsForPeersOnIpv4(
            Transport transport, AddressFamily peer, boolean counts) {
        assertThat(allocation(transport, IPV4_CLIENT).heedsDontFragment(peer)).isEqualTo(counts);
    }

    @ParameterizedTest
    @CsvSource({"UDP, IPV4", "DTLS, IPV4", "UDP, IPV6", "DTLS, IPV6"})
    @Rfc("8656 §13")
    void ofWhatComesInIpv6DatagramsItIsIgnored(Transport transport, AddressFamily peer) {
        assertThat(allocation(transport, IPV6_CLIENT).heedsDontFragment(peer)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"TCP, IPV4", "TLS, IPV4", "TCP, IPV6", "TLS, IPV6"})
    @Rfc("8656 §15")
    void ofWhatComesOverTcpItCounts(Transport transport, AddressFamily peer) {
        assertThat(allocation(transport, IPV4_CLIENT).heedsDontFragment(peer)).isTrue();
        assertThat(allocation(transport, IPV6_CLIENT).heedsDontFragment(peer)).isTrue();
    }

    @Test
    void whatAProxyPassesOnCameInThePacketsOfTheProxy() {
        FiveTuple proxied =
                new FiveTuple(
                        Transport.UDP,
                        TestAddresses.of(IPV6_CLIENT),
                        TestAddresses.of("192.0.2.9:3478"),
                        TestAddresses.of("192.0.2.8:4000"));

        assertThat(allocation(proxied).heedsDontFragment(IPV4)).isTrue();
    }

    private static Allocation allocation(Transport transport, String client) {
        return allocation(
                new FiveTuple(
                        transport, TestAddresses.of(client), TestAddresses.of("192.0.2.9:3478")));
    }

    private static Allocation allocation(FiveTuple client) {
        PeerPolicy peers = new PeerPolicy(List.of(), List.of(), new FakeOwnAddresses());
        StunMessage allocate = StunMessage.request(Method.ALLOCATE, TransactionId.of(0, 1)).build();
        Verdict.Authenticated alice =
                new Verdict.Authenticated(
                        "alice",
                        IntegrityKey.shortTerm("secret"),
                        Integrity.SHA1,
                        new Term(Expiry.ALLOCATE, Term.ENDLESS),
                        Optional.empty());
        StaticUsers users = new StaticUsers("example.org", Map.of());
        Nonces nonces = new Nonces(new byte[32], Duration.ofDays(1), InstantSource.system());
        Realm realm =
                new Realm(
                        new Authenticator("example.org", List.of(users), nonces),
                        TestPolicies.DEFAULTS,
                        peers,
                        null,
                        ByResource.of(_ -> new Quotas(1, 1)));
        Request request = new Request(client, allocate, alice, realm, null);
        return new Allocation(new AllocationId(1), request, RelayTransport.UDP, null);
    }
}
