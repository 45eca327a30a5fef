package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CHANNEL_NUMBER;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.FORBIDDEN;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;
import static io.hairpin.stun.ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;
import static io.hairpin.stun.ErrorCode.WRONG_CREDENTIALS;
import static io.hairpin.stun.Method.CHANNEL_BIND;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/// RFC 8656 §12.2.
class ChannelBindTest {

    private static final String RELAYED = "198.51.100.1:50000";
    private static final String PEER = "8.8.8.8:53";

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.client("alice");
    private final Allocation allocation = turn.allocated(alice, 1, RELAYED);

    @Test
    @Rfc("8656 §12.2")
    void bindsTheNumberToThePeerAndPermitsIt() {
        StunMessage request = alice.channelBind(0x4000, PEER);

        turn.receives(alice, request).expect(alice.success(request));

        assertThat(peerOf(0x4000)).isEqualTo(PEER);
        Channel channel = TestAddresses.channelTo(allocation, TestAddresses.of(PEER), turn.now());
        assertThat(channel).isNotNull().extracting(Channel::number).isEqualTo(0x4000);
        assertThat(TestAddresses.refusal(allocation, TestAddresses.of("8.8.8.8:99"), turn.now()))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x4000, 0x4001, 0x4FFF})
    @Rfc("8656 §12.2")
    void numbersOfTheChannelRangeAreBound(int number) {
        StunMessage request = alice.channelBind(number, PEER);

        turn.receives(alice, request).expect(alice.success(request));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x3FFF, 0x5000, 0x7FFE, 0x7FFF, 0x8000, 0xFFFF})
    @Rfc({"8656 §12", "8656 §12.2"})
    void otherNumbersAreBad(int number) {
        StunMessage request = alice.channelBind(number, PEER);

        turn.receives(alice, request).expect(alice.error(request, BAD_REQUEST));

        assertThat(allocation.permissions.size()).isZero();
    }

    @Test
    void theOlderRangeIsBoundWhereCompatibilityIsAskedFor() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.policy = TestPolicies.withLastChannel(TurnPolicy.LAST_RFC5766_CHANNEL);
        TurnScript older = setting.start();
        ScriptClient bob = older.client("bob");
        older.allocated(bob, 1, RELAYED);
        StunMessage last = bob.channelBind(0x7FFE, PEER);
        StunMessage beyond = bob.channelBind(0x7FFF, "8.8.4.4:53");

        older.receives(bob, last).expect(bob.success(last));
        older.receives(bob, beyond).expect(bob.error(beyond, BAD_REQUEST));
    }

    @Test
    @Rfc("8656 §12.2")
    void aNumberBoundToAnotherPeerIsBad() {
        turn.receives(alice, alice.channelBind(0x4000, PEER)).ignored();
        StunMessage otherAddress = alice.channelBind(0x4000, "8.8.4.4:53");
        StunMessage otherPort = alice.channelBind(0x4000, "8.8.8.8:54");

        turn.receives(alice, otherAddress).expect(alice.error(otherAddress, BAD_REQUEST));
        turn.receives(alice, otherPort).expect(alice.error(otherPort, BAD_REQUEST));

        assertThat(peerOf(0x4000)).isEqualTo(PEER);
    }

    @Test
    @Rfc("8656 §12.2")
    void aPeerBoundToAnotherNumberIsBad() {
        turn.receives(alice, alice.channelBind(0x4000, PEER)).ignored();
        StunMessage request = alice.channelBind(0x4001, PEER);

        turn.receives(alice, request).expect(alice.error(request, BAD_REQUEST));

        assertThat(peerOf(0x4001)).isNull();
    }

    @Test
    @Rfc("8656 §12")
    void twoPortsOfOnePeerMayHaveAChannelEach() {
        turn.receives(alice, alice.channelBind(0x4000, "8.8.8.8:53")).ignored();
        StunMessage request = alice.channelBind(0x4001, "8.8.8.8:54");

        turn.receives(alice, request).expect(alice.success(request));
    }

    @Test
    @Rfc("8656 §12")
    void bindingTheSameAgainProlongsIt() {
        turn.receives(alice, alice.channelBind(0x4000, PEER)).ignored();
        turn.waits(Duration.ofSeconds(500));
        StunMessage again = alice.channelBind(0x4000, PEER);
        turn.receives(alice, again).expect(alice.success(again));
        turn.receives(alice, alice.refresh(3600)).ignored();

        turn.passes(Duration.ofMinutes(10).minusNanos(1)).expect();
        assertThat(peerOf(0x4000)).isEqualTo(PEER);
        turn.passes(Duration.ofNanos(1)).expect();
        assertThat(peerOf(0x4000)).isNull();
    }

    @Test
    @Rfc("8656 §12")
    void anExpiredBindingFreesBothNumberAndPeer() {
        turn.receives(alice, alice.refresh(3600)).ignored();
        turn.receives(alice, alice.channelBind(0x4000, PEER)).ignored();
        turn.waits(Duration.ofMinutes(10));
        StunMessage numberAnew = alice.channelBind(0x4000, "8.8.4.4:53");
        StunMessage peerAnew = alice.channelBind(0x4001, PEER);

        turn.receives(alice, numberAnew).expect(alice.success(numberAnew));
        turn.receives(alice, peerAnew).expect(alice.success(peerAnew));

        assertThat(peerOf(0x4000)).isEqualTo("8.8.4.4:53");
        assertThat(peerOf(0x4001)).isEqualTo(PEER);
    }

    @Test
    @Rfc("8656 §12")
    void channelsOfOneAllocationAreNoneOfAnother() {
        ScriptClient bob = turn.client("bob");
        turn.allocated(bob, 2, "198.51.100.1:50002");
        turn.receives(alice, alice.channelBind(0x4000, PEER)).ignored();
        StunMessage sameNumber = bob.channelBind(0x4000, "8.8.4.4:53");
        StunMessage samePeer = bob.channelBind(0x4001, PEER);

        turn.receives(bob, sameNumber).expect(bob.success(sameNumber));
        turn.receives(bob, samePeer).expect(bob.success(samePeer));
    }

    @Test
    @Rfc("8656 §12.2")
    void bothNumberAndPeerAreNeeded() {
        StunMessage noPeer =
                alice.request(CHANNEL_BIND, builder -> builder.with(CHANNEL_NUMBER, 0x4000));
        StunMessage noNumber =
                alice.request(
                        CHANNEL_BIND,
                        builder -> builder.with(XOR_PEER_ADDRESS, TestAddresses.of(PEER)));

        turn.receives(alice, noPeer).expect(alice.error(noPeer, BAD_REQUEST));
        turn.receives(alice, noNumber).expect(alice.error(noNumber, BAD_REQUEST));
    }

    @Test
    @Rfc("8656 §12.2")
    void aPeerThePolicyRefusesIsForbidden() {
        StunMessage request = alice.channelBind(0x4000, "169.254.169.254:80");

        turn.receives(alice, request).expect(alice.error(request, FORBIDDEN));

        assertThat(peerOf(0x4000)).isNull();
        assertThat(allocation.permissions.size()).isZero();
    }

    @Test
    @Rfc("8656 §12.2")
    void aPeerOfAnotherFamilyIsAMismatch() {
        StunMessage request = alice.channelBind(0x4000, "[2a00::8]:53");

        turn.receives(alice, request).expect(alice.error(request, PEER_ADDRESS_FAMILY_MISMATCH));
    }

    @Test
    void anIpv4PeerInIpv6ClothesIsBoundAsTheIpv4PeerItIs() {
        StunMessage compatible = alice.channelBind(0x4000, "[::8.8.8.8]:53");
        StunMessage plain = alice.channelBind(0x4001, PEER);

        turn.receives(alice, compatible).expect(alice.success(compatible));
        turn.receives(alice, plain).expect(alice.error(plain, BAD_REQUEST));

        assertThat(peerOf(0x4000)).isEqualTo(PEER);
    }

    @Test
    @Rfc("8656 §5")
    void needsAnAllocationOfTheSameUser() {
        ScriptClient carol = turn.client("alice");
        StunMessage without = carol.channelBind(0x4000, PEER);
        ScriptClient bob = alice.impersonating("bob", "builder");
        StunMessage bobs = bob.channelBind(0x4000, PEER);

        turn.receives(carol, without).expect(carol.error(without, ALLOCATION_MISMATCH));
        turn.receivesOn(alice, bob, bobs).expect(bob.error(bobs, WRONG_CREDENTIALS));
    }

    @Test
    @Rfc("8656 §12.2")
    void pastTheLimitOfChannelsThereIsNoCapacity() {
        TurnScript limited = limits(10, 1);
        ScriptClient bob = limited.client("bob");
        Allocation bobs = limited.allocated(bob, 1, RELAYED);
        limited.receives(bob, bob.channelBind(0x4000, PEER)).ignored();
        StunMessage second = bob.channelBind(0x4001, "8.8.4.4:53");
        StunMessage again = bob.channelBind(0x4000, PEER);

        limited.receives(bob, second).expect(bob.error(second, INSUFFICIENT_CAPACITY));
        limited.receives(bob, again).expect(bob.success(again));
        assertThat(bobs.permissions.size()).isEqualTo(1);
    }

    @Test
    @Rfc("8656 §12.2")
    void pastTheLimitOfPermissionsThereIsNoCapacity() {
        TurnScript limited = limits(1, 10);
        ScriptClient bob = limited.client("bob");
        Allocation bobs = limited.allocated(bob, 1, RELAYED);
        limited.receives(bob, bob.createPermission("8.8.4.4:0")).ignored();
        StunMessage other = bob.channelBind(0x4000, PEER);
        StunMessage permitted = bob.channelBind(0x4000, "8.8.4.4:53");

        limited.receives(bob, other).expect(bob.error(other, INSUFFICIENT_CAPACITY));
        assertThat(bobs.channel(0x4000, limited.now())).isNull();
        limited.receives(bob, permitted).expect(bob.success(permitted));
    }

    private @Nullable String peerOf(int number) {
        Channel channel = allocation.channel(number, turn.now());
        return channel == null
                ? null
                : channel.address().socketAddress().getAddress().getHostAddress()
                        + ":"
                        + channel.address().port();
    }

    private static TurnScript limits(int permissions, int channels) {
        TurnScript.Setting setting = TurnScript.setting();
        setting.policy = TestPolicies.withLimits(permissions, channels);
        return setting.start();
    }
}
