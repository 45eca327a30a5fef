package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// What the data path reads from an [Allocation]: whether a packet may pass, and where to.
class DataPathTest {

    private static final String RELAYED = "198.51.100.1:50000";
    private static final String PEER = "8.8.8.8:53";

    private final FakeOwnAddresses own = new FakeOwnAddresses();

    @Test
    @Rfc({"8656 §9", "8656 §11.2", "8656 §11.3"})
    void withoutAPermissionNothingPasses() {
        Script script = new Script();

        assertThat(script.refusal(PEER)).isEqualTo(DropReason.NO_PERMISSION);
    }

    @Test
    @Rfc({"8656 §9", "8656 §11.2", "8656 §11.3"})
    void aPermissionIsForAnAddressWhateverThePort() {
        Script script = new Script();
        script.permits("8.8.8.8:1");

        assertThat(script.refusal("8.8.8.8:65535")).isNull();
        assertThat(script.refusal("8.8.8.7:1")).isEqualTo(DropReason.NO_PERMISSION);
    }

    @Test
    @Rfc("8656 §12.6")
    void aNumberThatIsNotBoundHasNoChannel() {
        Script script = new Script();
        script.binds(0x4001, PEER);

        assertThat(script.allocation.channel(0x4000, script.turn.now())).isNull();
        assertThat(script.allocation.channel(0x4002, script.turn.now())).isNull();
        assertThat(script.allocation.channel(0, script.turn.now())).isNull();
        assertThat(script.allocation.channel(0xFFFF, script.turn.now())).isNull();
    }

    @Test
    @Rfc("8656 §12.5")
    void aPeerWithAChannelIsFoundByItsWholeAddress() {
        Script script = new Script();
        script.binds(0x4001, PEER);

        assertThat(script.channelTo(PEER)).isNotNull();
        assertThat(script.channelTo("8.8.8.8:54")).isNull();
        assertThat(script.channelTo("8.8.8.9:53")).isNull();
    }

    @Test
    @Rfc({"8656 §9", "8656 §12"})
    void whatPassesThroughProlongsNothing() {
        Script script = new Script();
        script.binds(0x4000, PEER);
        for (int second = 0; second < 299; second++) {
            script.turn.waits(Duration.ofSeconds(1));
            assertThat(script.refusal(PEER)).isNull();
            assertThat(script.allocation.channel(0x4000, script.turn.now())).isNotNull();
        }
        script.turn.waits(Duration.ofSeconds(1));

        assertThat(script.refusal(PEER)).isEqualTo(DropReason.NO_PERMISSION);
    }

    @Test
    @Rfc("8656 §12.6")
    void aBoundChannelCarriesDataOutAlsoWhenThePermissionHasEnded() {
        Script script = new Script();
        script.binds(0x4000, PEER);
        script.turn.passes(Duration.ofMinutes(5)).expect();

        Channel channel = Objects.requireNonNull(script.channelTo(PEER));
        assertThat(script.allocation.refusalOn(channel)).isNull();
        assertThat(script.refusal(PEER)).isEqualTo(DropReason.NO_PERMISSION);
    }

    @Test
    void portZeroIsNobody() {
        Script script = new Script();
        script.permits("8.8.8.8:0");

        assertThat(script.refusal("8.8.8.8:0")).isEqualTo(DropReason.PEER_DENIED);
        assertThat(script.refusal("8.8.8.8:1")).isNull();
    }

    @Test
    void ourOwnListenersAreRefusedOnAnAddressThatIsAllowed() {
        own.endpoints.add(TestAddresses.of("9.9.9.9:3478"));
        Script script = new Script();
        script.permits("9.9.9.9:1");

        assertThat(script.refusal("9.9.9.9:3478")).isEqualTo(DropReason.PEER_DENIED);
        assertThat(script.refusal("9.9.9.9:3479")).isNull();
    }

    @Test
    void aListenerThatOpensLaterIsRefusedFromThenOnIfItsAddressHadOne() {
        own.endpoints.add(TestAddresses.of("9.9.9.9:3478"));
        Script script = new Script();
        script.permits("9.9.9.9:1");
        own.endpoints.add(TestAddresses.of("9.9.9.9:9641"));

        assertThat(script.refusal("9.9.9.9:9641")).isEqualTo(DropReason.PEER_DENIED);
    }

    @Test
    void ofADeniedRelayAddressOnlyOpenRelaysAreReached() {
        own.relayAddresses.add(TestAddresses.host("10.0.0.5"));
        own.openRelays.add(TestAddresses.of("10.0.0.5:50002"));
        Script script = new Script();
        script.permits("10.0.0.5:0");

        assertThat(script.refusal("10.0.0.5:50002")).isNull();
        assertThat(script.refusal("10.0.0.5:22")).isEqualTo(DropReason.PEER_DENIED);
    }

    @Test
    void aRelayThatHasClosedIsNotReachedThroughItsChannelEither() {
        own.relayAddresses.add(TestAddresses.host("10.0.0.5"));
        own.openRelays.add(TestAddresses.of("10.0.0.5:50002"));
        Script script = new Script();
        script.binds(0x4000, "10.0.0.5:50002");
        Channel channel = Objects.requireNonNull(script.channelTo("10.0.0.5:50002"));
        assertThat(script.allocation.refusalOn(channel)).isNull();

        own.openRelays.clear();

        assertThat(script.allocation.refusalOn(channel)).isEqualTo(DropReason.PEER_DENIED);
    }

    /// One client with an allocation.
    private final class Script {

        final TurnScript turn;
        final ScriptClient alice;
        final Allocation allocation;

        Script() {
            TurnScript.Setting setting = TurnScript.setting();
            setting.own = own;
            turn = setting.start();
            alice = turn.client("alice");
            allocation = turn.allocated(alice, 1, RELAYED);
            succeeds(alice.refresh(3600));
        }

        void permits(String peer) {
            succeeds(alice.createPermission(peer));
        }

        void binds(int channel, String peer) {
            succeeds(alice.channelBind(channel, peer));
        }

        private void succeeds(StunMessage request) {
            List<Effect> effects = turn.receives(alice, request).ignored();
            assertThat(effects).singleElement().isInstanceOf(Effect.Send.class);
        }

        @Nullable DropReason refusal(String peer) {
            return TestAddresses.refusal(allocation, TestAddresses.of(peer), turn.now());
        }

        @Nullable Channel channelTo(String peer) {
            return TestAddresses.channelTo(allocation, TestAddresses.of(peer), turn.now());
        }
    }
}
