package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.server.core.Expected.opened;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;
import static io.hairpin.stun.Attributes.DONT_FRAGMENT;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_RELAYED_ADDRESS;
import static io.hairpin.stun.ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;
import static io.hairpin.stun.ErrorCode.UNSUPPORTED_TRANSPORT_PROTOCOL;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Method;
import io.hairpin.stun.Present;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Set;

/// RFC 8656 §7.2: one relay, opened in two phases. Ports, dual allocations, reservations and
/// quotas have tests of their own.
class AllocateTest {

    private static final String RELAYED = "198.51.100.1:50000";

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.client("alice");

    @Test
    @Rfc("8656 §7.2")
    void theAnswerWaitsUntilTheRelayIsOpen() {
        StunMessage request = alice.allocate();

        turn.receives(alice, request).expect(openRelay(1, alice, IPV4, ANY_PORT));
        assertThat(turn.exists(1)).isFalse();

        turn.relayOpens(1, RELAYED)
                .expect(opened(1, alice, 600, RELAYED), allocated(request, 600, RELAYED));
        assertThat(turn.exists(1)).isTrue();
    }

    @Test
    @Rfc("8656 §7.2")
    void aRelayThatCannotBeOpenedGives508AndLeavesNothing() {
        StunMessage request = alice.allocate();
        turn.receives(alice, request).expect(openRelay(1, alice, IPV4, ANY_PORT));

        turn.relayFails(1, IPV4).expect(alice.error(request, INSUFFICIENT_CAPACITY));

        assertThat(turn.quotas.held()).isZero();
        assertThat(turn.exists(1)).isFalse();
        turn.receives(alice, alice.allocate()).expect(openRelay(2, alice, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("8656 §7.2 step 2")
    void aSecondAllocateOnTheSameFiveTupleIsAMismatch() {
        turn.allocated(alice, 1, RELAYED);
        StunMessage second = alice.allocate();

        turn.receives(alice, second).expect(alice.error(second, ALLOCATION_MISMATCH));
    }

    @Test
    @Rfc("8656 §7.2 step 2")
    void aSecondAllocateWhileTheFirstIsOpeningIsAMismatch() {
        turn.receives(alice, alice.allocate()).ignored();
        StunMessage second = alice.allocate();

        turn.receives(alice, second).expect(alice.error(second, ALLOCATION_MISMATCH));
    }

    @Test
    @Rfc("8656 §3.2")
    void fiveTuplesThatDifferInTheTransportAloneAreTwo() {
        ScriptClient bob = turn.tcpClient("bob");
        turn.allocated(alice, 1, RELAYED);

        turn.receives(bob, bob.allocate()).expect(openRelay(2, bob, IPV4, ANY_PORT));
    }

    @Test
    @Rfc({"8489 §6.3.1.1", "8656 §7.2 step 3"})
    void aRequestWithoutRequestedTransportIsBad() {
        StunMessage request = alice.request(Method.ALLOCATE, builder -> builder);

        turn.receives(alice, request).expect(alice.error(request, BAD_REQUEST));
    }

    @Test
    @Rfc("8656 §7.2 step 3")
    void aMalformedRequestedTransportIsBad() {
        StunMessage request =
                alice.request(
                        Method.ALLOCATE,
                        builder ->
                                builder.with(TestAttributes.raw(REQUESTED_TRANSPORT), new byte[1]));

        turn.receives(alice, request).expect(alice.error(request, BAD_REQUEST));
    }

    @Test
    @Rfc("8656 §7.2 step 3")
    void aTransportOtherThanUdpIsNotSupported() {
        StunMessage request =
                alice.request(Method.ALLOCATE, builder -> builder.with(REQUESTED_TRANSPORT, 6));

        turn.receives(alice, request).expect(alice.error(request, UNSUPPORTED_TRANSPORT_PROTOCOL));
    }

    @Test
    @Rfc("8656 §7.2 step 4")
    void dontFragmentIsUnderstood() {
        StunMessage request =
                alice.allocate(builder -> builder.with(DONT_FRAGMENT, Present.PRESENT));

        turn.receives(alice, request).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("8656 §7.2 step 7")
    void withoutAFamilyTheRelayIsOfIpv4() {
        turn.receives(alice, alice.allocate()).expect(openRelay(1, alice, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("8656 §7.2 step 7")
    void theRequestedFamilyIsGiven() {
        StunMessage request = allocate(IPV6);

        turn.receives(alice, request).expect(openRelay(1, alice, IPV6, ANY_PORT));
        turn.relayOpens(1, "[2001:db8::1]:50000")
                .expect(
                        opened(1, alice, 600, "[2001:db8::1]:50000"),
                        allocated(request, 600, "[2001:db8::1]:50000"));
    }

    @Test
    @Rfc("8656 §7.2 step 7")
    void aFamilyThisServerHasNoAddressOfIsRefused() {
        TurnScript onlyIpv6 = families(IPV6);
        ScriptClient bob = onlyIpv6.client("bob");
        StunMessage requested =
                bob.allocate(builder -> builder.with(REQUESTED_ADDRESS_FAMILY, IPV4.code()));
        StunMessage byDefault = bob.allocate();

        onlyIpv6.receives(bob, requested)
                .expect(bob.error(requested, ADDRESS_FAMILY_NOT_SUPPORTED));
        onlyIpv6.receives(bob, byDefault)
                .expect(bob.error(byDefault, ADDRESS_FAMILY_NOT_SUPPORTED));
    }

    @Test
    @Rfc("8656 §7.2 step 7")
    void aFamilyThatDoesNotExistIsRefused() {
        StunMessage request = alice.allocate(builder -> builder.with(REQUESTED_ADDRESS_FAMILY, 3));

        turn.receives(alice, request).expect(alice.error(request, ADDRESS_FAMILY_NOT_SUPPORTED));
    }

    @ParameterizedTest
    @CsvSource({"0, 600", "1, 600", "600, 600", "601, 601", "3600, 3600", "4294967295, 3600"})
    @Rfc("8656 §7.2")
    void theLifetimeIsWhatWasAskedForWithinTheServersBounds(long asked, long granted) {
        StunMessage request = alice.allocate(builder -> builder.with(LIFETIME, asked));
        turn.receives(alice, request).ignored();

        turn.relayOpens(1, RELAYED)
                .expect(opened(1, alice, granted, RELAYED), allocated(request, granted, RELAYED));
    }

    @Test
    void theLifetimeBeginsWhenTheRelayIsOpen() {
        turn.receives(alice, alice.allocate()).ignored();
        turn.waits(java.time.Duration.ofSeconds(7));
        turn.relayOpens(1, RELAYED).ignored();

        assertThat(turn.core.nextDeadlineNanos()).isEqualTo(turn.now() + 600_000_000_000L);
    }

    @Test
    void aClientThatHangsUpWhileItsRelayOpensLeavesNothing() {
        ScriptClient bob = turn.tcpClient("bob");
        turn.receives(bob, bob.allocate()).expect(openRelay(1, bob, IPV4, ANY_PORT));

        turn.connectionCloses(bob).expect();
        turn.relayOpens(1, RELAYED).expect(closeRelay(1, IPV4));

        assertThat(turn.quotas.held()).isZero();
        assertThat(turn.exists(1)).isFalse();
    }

    @Test
    void aClientThatHangsUpBeforeItsRelayFailsIsNotAnswered() {
        ScriptClient bob = turn.tcpClient("bob");
        turn.receives(bob, bob.allocate()).ignored();

        turn.connectionCloses(bob).expect();
        turn.relayFails(1, IPV4).expect();

        assertThat(turn.quotas.held()).isZero();
    }

    @Test
    void aConnectionFromTheSameAddressDoesNotInheritWhatTheClosedOneAskedFor() {
        ScriptClient bob = turn.tcpClient("bob");
        turn.receives(bob, bob.allocate()).ignored();
        turn.connectionCloses(bob).expect();
        StunMessage again = bob.allocate();

        turn.receives(bob, again).expect(openRelay(2, bob, IPV4, ANY_PORT));
        turn.relayOpens(1, RELAYED).expect(closeRelay(1, IPV4));
        turn.relayOpens(2, "198.51.100.1:50002")
                .expect(
                        opened(2, bob, 600, "198.51.100.1:50002"),
                        allocated(bob, again, 600, "198.51.100.1:50002"));
        assertThat(turn.quotas.held()).isEqualTo(1);
    }

    @Test
    void aRelayThatNobodyAskedForIsAnErrorOfTheCaller() {
        assertThatThrownBy(() -> turn.relayOpens(1, RELAYED))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theSameRelayCannotOpenTwice() {
        turn.allocated(alice, 1, RELAYED);

        assertThatThrownBy(() -> turn.relayOpens(1, RELAYED))
                .isInstanceOf(IllegalStateException.class);
    }

    private StunMessage allocate(AddressFamily family) {
        return alice.allocate(builder -> builder.with(REQUESTED_ADDRESS_FAMILY, family.code()));
    }

    private Answer allocated(StunMessage request, long seconds, String relayed) {
        return allocated(alice, request, seconds, relayed);
    }

    private static Answer allocated(
            ScriptClient client, StunMessage request, long seconds, String relayed) {
        return client.success(request)
                .with(XOR_RELAYED_ADDRESS, TestAddresses.of(relayed))
                .with(LIFETIME, seconds)
                .with(XOR_MAPPED_ADDRESS, client.tuple().client());
    }

    private static TurnScript families(AddressFamily... families) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.policy = TestPolicies.withFamilies(Set.of(families));
        return setting.start();
    }
}
