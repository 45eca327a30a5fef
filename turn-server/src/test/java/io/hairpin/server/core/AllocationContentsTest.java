package io.hairpin.server.core;

import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// How many permissions and channels all allocations of a user and of a source may have together,
/// and that each is given back once, whatever becomes of it and of its allocation.
class AllocationContentsTest {

    private static final String IPV6_PEER = "[2001:4860:4860::8888]:5000";

    private final Quotas permissions = new Quotas(10, 3);
    private final Quotas channels = new Quotas(10, 2);
    private final SourceQuotas permissionsOf = new SourceQuotas(10, 10, List.of());
    private final SourceQuotas channelsOf = new SourceQuotas(10, 10, List.of());
    private SharedLimits limits = limits(permissionsOf, channelsOf);
    private final TurnScript turn = setting().start();
    private final ScriptClient alice = turn.tcpClient("alice");
    private final ScriptClient again = turn.client("alice");
    private final ScriptClient bob = turn.client("bob");

    @Test
    void aUserWithAsManyPermissionsAsAllowedIsToldWhicheverAllocationTheyAreOf() {
        allocated(alice, 1);
        allocated(again, 2);
        allocated(bob, 3);
        permitted(alice, peer(1), peer(2));
        permitted(again, peer(1));
        StunMessage request = again.createPermission(peer(2));

        turn.receives(again, request).expect(again.error(request, INSUFFICIENT_CAPACITY));

        assertThat(limits.refusals().of(Limit.PERMISSIONS_PER_USER)).isEqualTo(1);
        permitted(bob, peer(2));
        permitted(again, peer(1)); // one that there is takes nothing
        assertThat(permissions.held()).isEqualTo(4);
        turn.receives(alice, alice.refresh(0)).ignored();
        permitted(again, peer(2));
        assertHeld(permissions, permissionsOf, 3);
    }

    @Test
    void aRequestForSeveralPermissionsTakesAllOrNone() {
        allocated(alice, 1);
        permitted(alice, peer(1), peer(2));
        StunMessage request = alice.createPermission(peer(2), peer(3), peer(4));

        turn.receives(alice, request).expect(alice.error(request, INSUFFICIENT_CAPACITY));

        assertHeld(permissions, permissionsOf, 2);
        assertThat(turn.allocation(1).permissions.size()).isEqualTo(2);
        permitted(alice, peer(2), peer(3), peer(3));
        assertHeld(permissions, permissionsOf, 3);
    }

    @Test
    void anAllocationMeetsItsOwnLimitFirst() {
        TurnScript.Setting setting = setting();
        setting.policy = TestPolicies.withLimits(1, 1);
        TurnScript strict = setting.start();
        ScriptClient client = strict.client("alice");
        strict.allocated(client, 1, relayed(1));
        StunMessage request = client.createPermission(peer(1), peer(2));

        strict.receives(client, request).expect(client.error(request, INSUFFICIENT_CAPACITY));

        assertThat(limits.refusals().of(Limit.PERMISSIONS_PER_ALLOCATION)).isEqualTo(1);
        assertThat(permissions.held()).isZero();
        bound(strict, client, 0x4000, peer(1));
        request = client.channelBind(0x4001, "8.8.8.1:5001");
        strict.receives(client, request).expect(client.error(request, INSUFFICIENT_CAPACITY));
        assertThat(limits.refusals().of(Limit.CHANNELS_PER_ALLOCATION)).isEqualTo(1);
        assertHeld(channels, channelsOf, 1);
    }

    @Test
    void aUserWithAsManyChannelsAsAllowedIsToldAndGetsNoPermissionEither() {
        allocated(alice, 1);
        allocated(again, 2);
        bound(turn, alice, 0x4000, peer(1));
        bound(turn, again, 0x4000, peer(1));
        StunMessage request = again.channelBind(0x4001, peer(2));

        turn.receives(again, request).expect(again.error(request, INSUFFICIENT_CAPACITY));

        assertThat(limits.refusals().of(Limit.CHANNELS_PER_USER)).isEqualTo(1);
        assertHeld(permissions, permissionsOf, 2);
        assertHeld(channels, channelsOf, 2);
        bound(turn, again, 0x4000, peer(1)); // one that there is takes nothing
        assertHeld(channels, channelsOf, 2);
    }

    @Test
    void aChannelThatThereIsNoPermissionForIsNotBound() {
        allocated(alice, 1);
        permitted(alice, peer(1), peer(2), peer(3));
        StunMessage request = alice.channelBind(0x4000, peer(4));

        turn.receives(alice, request).expect(alice.error(request, INSUFFICIENT_CAPACITY));

        assertThat(limits.refusals().of(Limit.PERMISSIONS_PER_USER)).isEqualTo(1);
        assertHeld(channels, channelsOf, 0);
        bound(turn, alice, 0x4000, peer(3));
        assertHeld(permissions, permissionsOf, 3);
        assertHeld(channels, channelsOf, 1);
    }

    @Test
    void aChannelBoundAnewTakesItsPermissionAnew() {
        allocated(alice, 1);
        bound(turn, alice, 0x4000, peer(1));
        turn.passes(Duration.ofMinutes(5)).ignored();
        assertHeld(permissions, permissionsOf, 0);
        assertHeld(channels, channelsOf, 1);
        permitted(alice, peer(2), peer(3), peer(4));
        StunMessage request = alice.channelBind(0x4000, peer(1));

        turn.receives(alice, request).expect(alice.error(request, INSUFFICIENT_CAPACITY));

        assertHeld(channels, channelsOf, 1);
        assertHeld(permissions, permissionsOf, 3);
    }

    @Test
    void aSourceWithAsManyAsAllowedIsTold() {
        limits = limits(new SourceQuotas(2, 10, List.of()), new SourceQuotas(10, 1, List.of()));
        TurnScript strict = setting().start();
        ScriptClient client = strict.client("alice");
        ScriptClient other = strict.client("bob");
        strict.allocated(client, 1, relayed(1));
        strict.allocated(other, 2, relayed(2));
        bound(strict, client, 0x4000, peer(1));
        StunMessage channel = other.channelBind(0x4000, peer(1));
        StunMessage two = other.createPermission(peer(1), peer(2));

        strict.receives(other, channel).expect(other.error(channel, INSUFFICIENT_CAPACITY));
        strict.receives(other, two).expect(other.error(two, INSUFFICIENT_CAPACITY));

        assertThat(limits.refusals().of(Limit.CHANNELS_PER_NETWORK)).isEqualTo(1);
        assertThat(limits.refusals().of(Limit.PERMISSIONS_PER_ADDRESS)).isEqualTo(1);
        assertThat(permissions.held()).isEqualTo(1);
        assertThat(channels.held()).isEqualTo(1);
    }

    @Test
    void bothAreGivenBackOnEveryWayThatTheyEnd() {
        allocated(alice, 1);
        bound(turn, alice, 0x4000, peer(1));
        permitted(alice, peer(2));
        turn.passes(Duration.ofMinutes(5)).ignored();
        assertHeld(permissions, permissionsOf, 0);
        turn.receives(alice, alice.refresh(600)).ignored();
        turn.passes(Duration.ofMinutes(5)).ignored();
        assertHeld(channels, channelsOf, 0);

        bound(turn, alice, 0x4001, peer(1));
        turn.receives(alice, alice.refresh(0)).ignored();
        assertNothingIsHeld("deleted");

        allocated(alice, 2);
        bound(turn, alice, 0x4000, peer(1));
        turn.passes(Duration.ofMinutes(10)).ignored();
        assertNothingIsHeld("expired together");

        allocated(alice, 3);
        bound(turn, alice, 0x4000, peer(1));
        permitted(alice, peer(2));
        turn.connectionCloses(alice).ignored();
        assertNothingIsHeld("closed");
    }

    @Test
    void aRelayOfTwoGivesBackWhatIsOfItsFamily() {
        turn.allocatedBoth(alice, 1, relayed(1), "[2001:db8::1]:50000");
        bound(turn, alice, 0x4000, peer(1));
        bound(turn, alice, 0x4001, IPV6_PEER);
        assertHeld(permissions, permissionsOf, 2);

        turn.receives(alice, deletion(IPV6.code())).ignored();
        assertHeld(permissions, permissionsOf, 1);
        assertHeld(channels, channelsOf, 1);
        turn.receives(alice, deletion(IPV4.code())).ignored();
        assertNothingIsHeld("both deleted");
    }

    @Test
    void coresThatShareQuotasCountTogether() {
        TurnScript other = setting().start();
        ScriptClient there = other.client("alice");
        allocated(alice, 1);
        other.allocated(there, 1, relayed(9));
        permitted(alice, peer(1), peer(2), peer(3));
        StunMessage request = there.createPermission(peer(1));

        other.receives(there, request).expect(there.error(request, INSUFFICIENT_CAPACITY));
        turn.receives(alice, alice.refresh(0)).ignored();
        other.receives(there, request).expect(there.success(request));
        assertHeld(permissions, permissionsOf, 1);
    }

    private StunMessage deletion(int family) {
        return alice.request(
                Method.REFRESH,
                each -> each.with(LIFETIME, 0L).with(REQUESTED_ADDRESS_FAMILY, family));
    }

    private static SharedLimits limits(SourceQuotas permissions, SourceQuotas channels) {
        return new SharedLimits(
                ByResource.of(_ -> SourceQuotas.NONE)
                        .with(Resource.PERMISSION, permissions)
                        .with(Resource.CHANNEL, channels),
                new SharedBandwidth(BandwidthLimits.NONE),
                new Refusals());
    }

    private TurnScript.Setting setting() {
        TurnScript.Setting setting =
                TurnScript.setting()
                        .limit(Resource.PERMISSION, permissions)
                        .limit(Resource.CHANNEL, channels);
        setting.limits = limits;
        return setting;
    }

    private static String relayed(long id) {
        return "198.51.100.1:" + (50_000 + id);
    }

    private static String peer(int number) {
        return "8.8.8." + number + ":5000";
    }

    private void allocated(ScriptClient client, long id) {
        turn.allocated(client, id, relayed(id));
    }

    private void permitted(ScriptClient client, String... peers) {
        StunMessage request = client.createPermission(peers);
        turn.receives(client, request).expect(client.success(request));
    }

    private static void bound(TurnScript at, ScriptClient client, int channel, String peer) {
        StunMessage request = client.channelBind(channel, peer);
        at.receives(client, request).expect(client.success(request));
    }

    private static void assertHeld(Quotas quotas, SourceQuotas sources, int held) {
        assertThat(quotas.held()).isEqualTo(held);
        assertThat(sources.mostOfAddress()).isEqualTo(held);
        assertThat(sources.mostOfNetwork()).isEqualTo(held);
    }

    private void assertNothingIsHeld(String how) {
        for (Object count : List.of(permissions, channels, permissionsOf, channelsOf)) {
            assertThat(Leftovers.in(count)).as(how).isEmpty();
        }
        assertThat(Leftovers.in(turn.core)).as(how).isEmpty();
    }
}
