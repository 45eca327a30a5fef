package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.closed;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.server.core.Expected.opened;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;
import static io.hairpin.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.ADDRESS_ERROR_CODE;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_RELAYED_ADDRESS;
import static io.hairpin.stun.ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.AddressError;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Set;

/// ADDITIONAL-ADDRESS-FAMILY (RFC 8656 §7.2 step 9): a relay of each family in one allocation.
class DualAllocationTest {

    private static final String V4 = "198.51.100.1:50000";
    private static final String V6 = "[2001:db8::1]:50000";

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.client("alice");

    @Test
    @Rfc("8656 §7.2 step 9")
    void bothRelaysAreOpenedBeforeTheAnswer() {
        StunMessage request = alice.allocateBoth();

        turn.receives(alice, request)
                .expect(openRelay(1, alice, IPV4, ANY_PORT), openRelay(1, alice, IPV6, ANY_PORT));
        turn.relayOpens(1, V6).expect();
        turn.relayOpens(1, V4).expect(opened(1, alice, 600, V4, V6), success(request, V4, V6));
        assertThat(turn.quotas.held()).isEqualTo(1);
    }

    @Test
    @Rfc("8656 §7.2 step 9")
    void oneRelayThatCannotBeOpenedIsToldBesideTheOther() {
        StunMessage request = alice.allocateBoth();
        turn.receives(alice, request).ignored();

        turn.relayFails(1, IPV6).expect();
        turn.relayOpens(1, V4)
                .expect(
                        opened(1, alice, 600, V4),
                        success(request, V4)
                                .with(ADDRESS_ERROR_CODE, error(IPV6, INSUFFICIENT_CAPACITY)));
    }

    @Test
    @Rfc("8656 §7.2 step 9")
    void theFamilyThatFailedIsToldAlsoWhenItIsIpv4() {
        StunMessage request = alice.allocateBoth();
        turn.receives(alice, request).ignored();

        turn.relayOpens(1, V6).expect();
        turn.relayFails(1, IPV4)
                .expect(
                        opened(1, alice, 600, V6),
                        success(request, V6)
                                .with(ADDRESS_ERROR_CODE, error(IPV4, INSUFFICIENT_CAPACITY)));
    }

    @Test
    @Rfc("8656 §7.2 step 9")
    void aFamilyThisServerLacksIsToldBesideTheOther() {
        TurnScript onlyIpv4 = families(IPV4);
        ScriptClient bob = onlyIpv4.client("bob");
        StunMessage request = bob.allocateBoth();

        onlyIpv4.receives(bob, request).expect(openRelay(1, bob, IPV4, ANY_PORT));
        onlyIpv4.relayOpens(1, V4)
                .expect(
                        opened(1, bob, 600, V4),
                        success(bob, request, V4)
                                .with(
                                        ADDRESS_ERROR_CODE,
                                        error(IPV6, ADDRESS_FAMILY_NOT_SUPPORTED)));
    }

    @Test
    @Rfc("8656 §7.2 step 9")
    void withNeitherRelayTheRequestIsRefused() {
        StunMessage request = alice.allocateBoth();
        turn.receives(alice, request).ignored();

        turn.relayFails(1, IPV4).expect();
        turn.relayFails(1, IPV6).expect(alice.error(request, INSUFFICIENT_CAPACITY));

        assertThat(turn.quotas.held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 255})
    @Rfc("8656 §7.2 step 9")
    void theAdditionalFamilyMustBeIpv6(int family) {
        StunMessage request =
                alice.allocate(builder -> builder.with(ADDITIONAL_ADDRESS_FAMILY, family));

        turn.receives(alice, request).expect(alice.error(request, BAD_REQUEST));
    }

    @Test
    @Rfc("8656 §7.2 step 6")
    void aRequestedFamilyBesideAnAdditionalOneIsBad() {
        StunMessage request =
                alice.allocate(
                        builder ->
                                builder.with(REQUESTED_ADDRESS_FAMILY, IPV4.code())
                                        .with(ADDITIONAL_ADDRESS_FAMILY, IPV6.code()));

        turn.receives(alice, request).expect(alice.error(request, BAD_REQUEST));
    }

    @Test
    @Rfc("8656 §8.2")
    void aRefreshOfOneFamilyLeavesTheOtherToExpire() {
        turn.allocatedBoth(alice, 1, V4, V6);
        turn.waits(Duration.ofMinutes(5));
        StunMessage refresh = refresh(IPV6, 600);
        turn.receives(alice, refresh).expect(alice.success(refresh).with(LIFETIME, 600L));

        turn.passes(Duration.ofMinutes(5)).expect(closeRelay(1, IPV4));
        assertThat(turn.exists(1)).isTrue();
        turn.passes(Duration.ofMinutes(5))
                .expect(closeRelay(1, IPV6), closed(1, alice, CloseReason.EXPIRED));
        assertThat(turn.quotas.held()).isZero();
    }

    @Test
    @Rfc("8656 §8.2")
    void oneFamilyCanBeDeletedAlone() {
        turn.allocatedBoth(alice, 1, V4, V6);
        StunMessage deleteV4 = refresh(IPV4, 0);
        StunMessage deleteV6 = refresh(IPV6, 0);

        turn.receives(alice, deleteV4)
                .expect(closeRelay(1, IPV4), alice.success(deleteV4).with(LIFETIME, 0L));
        turn.receives(alice, deleteV6)
                .expect(
                        closeRelay(1, IPV6),
                        closed(1, alice, CloseReason.DELETED),
                        alice.success(deleteV6).with(LIFETIME, 0L));
    }

    @Test
    @Rfc("8656 §8.2")
    void aRefreshWithoutAFamilyIsForBoth() {
        turn.allocatedBoth(alice, 1, V4, V6);
        turn.waits(Duration.ofMinutes(5));
        StunMessage refresh = alice.refresh(600);
        turn.receives(alice, refresh).expect(alice.success(refresh).with(LIFETIME, 600L));

        turn.passes(Duration.ofSeconds(599)).expect();
        StunMessage delete = alice.refresh(0);
        turn.receives(alice, delete)
                .expect(
                        closeRelay(1, IPV4),
                        closeRelay(1, IPV6),
                        closed(1, alice, CloseReason.DELETED),
                        alice.success(delete).with(LIFETIME, 0L));
    }

    @Test
    @Rfc("8656 §8.1")
    void permissionsAndChannelsEndWithTheRelayOfTheirFamily() {
        Allocation allocation = turn.allocatedBoth(alice, 1, V4, V6);
        turn.receives(alice, alice.createPermission("8.8.8.8:1", "[2a00::8]:1")).ignored();
        turn.receives(alice, alice.channelBind(0x4000, "8.8.4.4:80")).ignored();
        turn.receives(alice, alice.channelBind(0x4001, "[2a00::4]:80")).ignored();

        turn.receives(alice, refresh(IPV4, 0)).ignored();

        assertThat(TestAddresses.refusal(allocation, TestAddresses.of("8.8.8.8:1"), turn.now()))
                .isEqualTo(DropReason.NO_PERMISSION);
        assertThat(allocation.channel(0x4000, turn.now())).isNull();
        assertThat(TestAddresses.refusal(allocation, TestAddresses.of("[2a00::8]:1"), turn.now()))
                .isNull();
        assertThat(allocation.channel(0x4001, turn.now())).isNotNull();
    }

    private StunMessage refresh(AddressFamily family, long seconds) {
        return alice.request(
                Method.REFRESH,
                builder ->
                        builder.with(LIFETIME, seconds)
                                .with(REQUESTED_ADDRESS_FAMILY, family.code()));
    }

    private Answer success(StunMessage request, String... relayed) {
        return success(alice, request, relayed);
    }

    private static Answer success(ScriptClient client, StunMessage request, String... relayed) {
        Answer answer =
                client.success(request)
                        .with(LIFETIME, 600L)
                        .with(XOR_MAPPED_ADDRESS, client.tuple().client());
        for (String address : relayed) {
            answer.with(XOR_RELAYED_ADDRESS, TestAddresses.of(address));
        }
        return answer;
    }

    private static AddressError error(AddressFamily family, ErrorCode code) {
        return new AddressError(family, code.code(), code.reason());
    }

    private static TurnScript families(AddressFamily... families) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.policy = TestPolicies.withFamilies(Set.of(families));
        return setting.start();
    }
}
