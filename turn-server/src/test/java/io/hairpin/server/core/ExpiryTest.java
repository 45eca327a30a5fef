package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.closed;
import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// What ends by itself, and exactly when.
class ExpiryTest {

    private static final String PEER = "8.8.8.8:53";
    private static final Duration INSTANT = Duration.ofNanos(1);

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.client("alice");

    @Test
    @Rfc("8656 §6")
    void anAllocationEndsWithItsLifetime() {
        turn.allocated(alice, 1, "198.51.100.1:50000");

        turn.passes(Duration.ofMinutes(10).minus(INSTANT)).expect();
        turn.passes(INSTANT).expect(closeRelay(1, IPV4), closed(1, alice, CloseReason.EXPIRED));

        assertThat(turn.exists(1)).isFalse();
        assertThat(turn.quotas.held()).isZero();
        assertThat(turn.core.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    @Rfc("8656 §9")
    void aPermissionEndsAfterFiveMinutes() {
        Allocation allocation = turn.allocated(alice, 1, "198.51.100.1:50000");
        turn.receives(alice, alice.createPermission(PEER)).ignored();

        turn.passes(Duration.ofMinutes(5).minus(INSTANT)).expect();
        assertThat(TestAddresses.refusal(allocation, TestAddresses.of(PEER), turn.now())).isNull();
        turn.passes(INSTANT).expect();
        assertThat(TestAddresses.refusal(allocation, TestAddresses.of(PEER), turn.now()))
                .isEqualTo(DropReason.NO_PERMISSION);
        assertThat(allocation.permissions.size()).isZero();
    }

    @Test
    @Rfc("8656 §12")
    void aChannelEndsAfterTenMinutes() {
        Allocation allocation = turn.allocated(alice, 1, "198.51.100.1:50000");
        turn.receives(alice, alice.refresh(3600)).ignored();
        turn.receives(alice, alice.channelBind(0x4000, PEER)).ignored();

        turn.passes(Duration.ofMinutes(10).minus(INSTANT)).expect();
        assertThat(allocation.channel(0x4000, turn.now())).isNotNull();
        turn.passes(INSTANT).expect();
        assertThat(allocation.channel(0x4000, turn.now())).isNull();
        assertThat(TestAddresses.channelTo(allocation, TestAddresses.of(PEER), turn.now()))
                .isNull();
        assertThat(allocation.channels.size()).isZero();
    }

    @Test
    void theDataPathSeesNothingExpiredEvenBeforeTheCoreIsTold() {
        Allocation allocation = turn.allocated(alice, 1, "198.51.100.1:50000");
        turn.receives(alice, alice.refresh(3600)).ignored();
        turn.receives(alice, alice.channelBind(0x4000, PEER)).ignored();

        turn.waits(Duration.ofMinutes(5));
        assertThat(TestAddresses.refusal(allocation, TestAddresses.of(PEER), turn.now()))
                .isEqualTo(DropReason.NO_PERMISSION);
        turn.waits(Duration.ofMinutes(5));
        assertThat(allocation.channel(0x4000, turn.now())).isNull();
        assertThat(TestAddresses.channelTo(allocation, TestAddresses.of(PEER), turn.now()))
                .isNull();
    }

    @Test
    @Rfc({"8656 §9", "8656 §12"})
    void permissionsAndChannelsEndWithTheAllocation() {
        turn.allocated(alice, 1, "198.51.100.1:50000");
        turn.waits(Duration.ofSeconds(590));
        turn.receives(alice, alice.channelBind(0x4000, PEER)).ignored();
        turn.receives(alice, alice.createPermission("9.9.9.9:9")).ignored();

        turn.passes(Duration.ofSeconds(10))
                .expect(closeRelay(1, IPV4), closed(1, alice, CloseReason.EXPIRED));

        assertThat(turn.core.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    @Rfc("8656 §12.1")
    void bindingAChannelProlongsThePermissionAsWell() {
        Allocation allocation = turn.allocated(alice, 1, "198.51.100.1:50000");
        turn.receives(alice, alice.createPermission(PEER)).ignored();
        turn.waits(Duration.ofSeconds(200));
        turn.receives(alice, alice.channelBind(0x4000, PEER)).ignored();

        turn.passes(Duration.ofSeconds(299)).expect();

        assertThat(TestAddresses.refusal(allocation, TestAddresses.of(PEER), turn.now())).isNull();
    }

    @Test
    void permittingAPeerDoesNotProlongItsChannel() {
        Allocation allocation = turn.allocated(alice, 1, "198.51.100.1:50000");
        turn.receives(alice, alice.refresh(3600)).ignored();
        turn.receives(alice, alice.channelBind(0x4000, PEER)).ignored();
        turn.waits(Duration.ofSeconds(500));
        turn.receives(alice, alice.createPermission(PEER)).ignored();

        turn.passes(Duration.ofSeconds(100)).expect();

        assertThat(allocation.channel(0x4000, turn.now())).isNull();
        assertThat(TestAddresses.refusal(allocation, TestAddresses.of(PEER), turn.now())).isNull();
    }

    @Test
    void refreshingTheAllocationProlongsNothingElse() {
        Allocation allocation = turn.allocated(alice, 1, "198.51.100.1:50000");
        turn.receives(alice, alice.createPermission(PEER)).ignored();
        turn.waits(Duration.ofSeconds(200));
        turn.receives(alice, alice.refresh(3600)).ignored();

        turn.passes(Duration.ofSeconds(100)).expect();

        assertThat(TestAddresses.refusal(allocation, TestAddresses.of(PEER), turn.now()))
                .isEqualTo(DropReason.NO_PERMISSION);
    }

    @Test
    @Rfc("8656 §6")
    void aClosedConnectionEndsItsAllocation() {
        ScriptClient bob = turn.tcpClient("bob");
        turn.allocated(bob, 1, "198.51.100.1:50000");

        turn.connectionCloses(bob)
                .expect(closeRelay(1, IPV4), closed(1, bob, CloseReason.CLIENT_CLOSED));

        turn.connectionCloses(bob).expect();
        assertThat(turn.core.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void severalEndTogetherInOrderOfTheirDeadlines() {
        ScriptClient bob = turn.client("bob");
        turn.allocated(alice, 1, "198.51.100.1:50000");
        turn.waits(Duration.ofSeconds(1));
        turn.allocated(bob, 2, "198.51.100.1:50002");

        turn.passes(Duration.ofHours(2))
                .expect(
                        closeRelay(1, IPV4),
                        closed(1, alice, CloseReason.EXPIRED),
                        closeRelay(2, IPV4),
                        closed(2, bob, CloseReason.EXPIRED));
    }

    @Test
    void theNextDeadlineIsTheEarliest() {
        turn.allocated(alice, 1, "198.51.100.1:50000");
        turn.receives(alice, alice.createPermission(PEER)).ignored();
        assertThat(turn.core.nextDeadlineNanos())
                .isEqualTo(turn.now() + Duration.ofMinutes(5).toNanos());

        turn.passes(Duration.ofMinutes(5)).expect();
        assertThat(turn.core.nextDeadlineNanos())
                .isEqualTo(turn.now() + Duration.ofMinutes(5).toNanos());
    }

    @Test
    void timeThatPassesBeforeAnythingIsDueDoesNothing() {
        turn.passes(Duration.ofHours(1)).expect();
        turn.allocated(alice, 1, "198.51.100.1:50000");

        turn.passes(Duration.ofSeconds(1)).expect();

        assertThat(turn.exists(1)).isTrue();
    }
}
