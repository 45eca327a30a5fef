package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/// What of the bandwidth an allocation gets, from the core to the data path.
class MeteringTest {

    private static final Bandwidth THOUSAND = new Bandwidth(1000, Duration.ofSeconds(1), 1);
    private static final Bandwidth TWO_THOUSAND = new Bandwidth(2000, Duration.ofSeconds(1), 1);

    private long opened;

    @Test
    void withoutALimitEverythingPasses() {
        TurnScript turn = turn(null, null, null);
        Allocation allocation = allocated(turn, "alice");

        assertThat(allocation.passToPeer(Integer.MAX_VALUE, turn.now())).isNull();
        assertThat(allocation.passToClient(Integer.MAX_VALUE, turn.now())).isNull();
        assertThat(allocation.streams().isLimited()).isFalse();
    }

    @Test
    void eachDirectionOfAnAllocationHasItsOwn() {
        TurnScript turn = turn(THOUSAND, null, null);
        Allocation allocation = allocated(turn, "alice");
        Allocation other = allocated(turn, "alice");

        assertThat(allocation.passToPeer(1000, turn.now())).isNull();
        assertThat(allocation.passToPeer(1, turn.now())).isEqualTo(DropReason.ALLOCATION_BANDWIDTH);
        assertThat(allocation.passToClient(1000, turn.now())).isNull();
        assertThat(allocation.passToClient(1, turn.now()))
                .isEqualTo(DropReason.ALLOCATION_BANDWIDTH);
        assertThat(other.passToPeer(1000, turn.now())).isNull();
        turn.waits(Duration.ofMillis(1));
        assertThat(allocation.passToPeer(1, turn.now())).isNull();
    }

    @Test
    void theAllocationsOfAUserShareWhatTheUserHas() {
        TurnScript turn = turn(null, THOUSAND, null);
        Allocation one = allocated(turn, "alice");
        Allocation other = allocated(turn, "alice");
        Allocation bobs = allocated(turn, "bob");

        assertThat(one.passToPeer(400, turn.now())).isNull();
        assertThat(other.passToPeer(600, turn.now())).isNull();
        assertThat(one.passToPeer(1, turn.now())).isEqualTo(DropReason.USER_BANDWIDTH);
        assertThat(one.passToClient(1000, turn.now())).isNull();
        assertThat(bobs.passToPeer(1000, turn.now())).isNull();
    }

    @Test
    void theServerHasOneForAllInBothDirections() {
        TurnScript turn = turn(null, null, THOUSAND);
        Allocation alices = allocated(turn, "alice");
        Allocation bobs = allocated(turn, "bob");

        assertThat(alices.passToPeer(300, turn.now())).isNull();
        assertThat(alices.passToClient(300, turn.now())).isNull();
        assertThat(bobs.passToPeer(400, turn.now())).isNull();
        assertThat(bobs.passToClient(1, turn.now())).isEqualTo(DropReason.SERVER_BANDWIDTH);
    }

    @Test
    void aRealmHasOneForAllItsUsersInBothDirections() {
        TurnScript turn = ofRealms(Map.of(TurnScript.REALM, THOUSAND));
        Allocation alices = allocated(turn, "alice");
        Allocation bobs = allocated(turn, "bob");

        assertThat(alices.passToPeer(300, turn.now())).isNull();
        assertThat(alices.passToClient(300, turn.now())).isNull();
        assertThat(bobs.passToPeer(400, turn.now())).isNull();
        assertThat(bobs.passToClient(1, turn.now())).isEqualTo(DropReason.REALM_BANDWIDTH);
        turn.waits(Duration.ofMillis(1));
        assertThat(bobs.passToClient(1, turn.now())).isNull();
    }

    @Test
    void theLimitOfARealmIsNoneOfAnother() {
        TurnScript turn = ofRealms(Map.of("example.net", THOUSAND));

        assertThat(allocated(turn, "alice").passToPeer(Integer.MAX_VALUE, turn.now())).isNull();
    }

    @Test
    void whatARealmsLastAllocationDidNotUseIsThereForTheNext() {
        TurnScript turn = ofRealms(Map.of(TurnScript.REALM, THOUSAND));
        ScriptClient alice = turn.client("alice");
        Allocation first = turn.allocated(alice, ++opened, "198.51.100.1:50000");
        assertThat(first.passToPeer(5, turn.now())).isNull();
        turn.receives(alice, alice.refresh(0)).ignored();
        assertThat(Leftovers.in(turn.core)).isEmpty();

        Allocation second = turn.allocated(alice, ++opened, "198.51.100.1:50000");
        assertThat(second.passToPeer(995, turn.now())).isNull();
        assertThat(second.passToPeer(1, turn.now())).isEqualTo(DropReason.REALM_BANDWIDTH);
    }

    @Test
    void theTcpRelaysOfARealmWaitForEachOther() {
        TurnScript.Setting setting = TurnScript.setting().withTcp(new PeerConnections(), 10);
        setting.limits = realms(Map.of(TurnScript.REALM, THOUSAND));
        TurnScript turn = setting.start();
        Allocation alices = turn.allocatedTcp(turn.tcpClient("alice"), 1, "198.51.100.1:50000");
        Allocation bobs = turn.allocatedTcp(turn.tcpClient("bob"), 2, "198.51.100.1:50001");

        alices.streams().toPeer().charge(2000, turn.now());

        assertThat(bobs.streams().toClient().pauseNanos(turn.now()))
                .isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void whatDoesNotPassIsChargedToNobody() {
        TurnScript turn = turn(TWO_THOUSAND, THOUSAND, null);
        Allocation allocation = allocated(turn, "alice");
        Allocation other = allocated(turn, "alice");

        assertThat(other.passToPeer(1000, turn.now())).isNull();
        for (int i = 0; i < 10; i++) {
            assertThat(allocation.passToPeer(1000, turn.now()))
                    .isEqualTo(DropReason.USER_BANDWIDTH);
        }
        turn.waits(Duration.ofSeconds(1));
        assertThat(allocation.passToPeer(1000, turn.now())).isNull();
        assertThat(allocation.passToPeer(1001, turn.now()))
                .as("2000 less 1000 are left to the allocation")
                .isEqualTo(DropReason.ALLOCATION_BANDWIDTH);
    }

    @Test
    void whatWasFetchedForAPacketThatDidNotPassIsLeftToOthers() {
        BandwidthPool user = new BandwidthPool(THOUSAND);
        BandwidthPool realm = new BandwidthPool(THOUSAND);
        BandwidthPool server = new BandwidthPool(new Bandwidth(1, Duration.ofSeconds(1), 1));
        Meter meter =
                new Meter(
                        null,
                        new BandwidthShare(user),
                        new BandwidthShare(realm),
                        new BandwidthShare(server));

        assertThat(meter.pass(1000, 0)).isEqualTo(DropReason.SERVER_BANDWIDTH);

        long allButWhatLiesInAdvance = Duration.ofSeconds(1).toNanos() - BandwidthShare.AHEAD_NANOS;
        assertThat(user.tryTake(allButWhatLiesInAdvance, 0)).isTrue();
        assertThat(realm.tryTake(allButWhatLiesInAdvance, 0)).isTrue();
    }

    @Test
    void anotherAllocationBringsAUserNothing() {
        TurnScript turn = turn(null, THOUSAND, null);
        ScriptClient alice = turn.client("alice");
        Allocation first = turn.allocated(alice, ++opened, "198.51.100.1:50000");
        assertThat(first.passToPeer(1000, turn.now())).isNull();
        turn.receives(alice, alice.refresh(0)).ignored();

        Allocation second = turn.allocated(alice, ++opened, "198.51.100.1:50000");
        assertThat(second.passToPeer(1, turn.now())).isEqualTo(DropReason.USER_BANDWIDTH);
        turn.waits(Duration.ofSeconds(1));
        assertThat(second.passToPeer(1000, turn.now())).isNull();
    }

    @Test
    void aTcpRelayIsBoundedByItsStreams() {
        TurnScript.Setting setting = TurnScript.setting().withTcp(new PeerConnections(), 10);
        setting.limits = limits(THOUSAND, null, null);
        TurnScript turn = setting.start();
        Allocation allocation = turn.allocatedTcp(turn.tcpClient("alice"), 1, "198.51.100.1:50000");

        StreamMeter one = allocation.streams().toPeer();
        one.charge(2000, turn.now());
        assertThat(allocation.streams().toPeer().pauseNanos(turn.now()))
                .as("what the other connections wait")
                .isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(allocation.streams().toClient().pauseNanos(turn.now())).isZero();
    }

    private Allocation allocated(TurnScript turn, String user) {
        return Objects.requireNonNull(
                turn.allocated(turn.client(user), ++opened, "198.51.100.1:" + (50_000 + opened)));
    }

    private static TurnScript turn(
            @Nullable Bandwidth allocation, @Nullable Bandwidth user, @Nullable Bandwidth server) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.limits = limits(allocation, user, server);
        return setting.start();
    }

    private static TurnScript ofRealms(Map<String, Bandwidth> realms) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.limits = realms(realms);
        return setting.start();
    }

    private static SharedLimits realms(Map<String, Bandwidth> realms) {
        return new SharedLimits(
                ByResource.of(_ -> SourceQuotas.NONE),
                new SharedBandwidth(new BandwidthLimits(null, null, null, realms, false)),
                new Refusals());
    }

    private static SharedLimits limits(
            @Nullable Bandwidth allocation, @Nullable Bandwidth user, @Nullable Bandwidth server) {
        return new SharedLimits(
                ByResource.of(_ -> SourceQuotas.NONE),
                SharedBandwidthTest.of(allocation, user, server),
                new Refusals());
    }
}
