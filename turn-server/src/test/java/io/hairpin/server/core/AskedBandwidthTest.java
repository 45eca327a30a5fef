package io.hairpin.server.core;

import static io.hairpin.server.core.AskedBandwidth.BANDWIDTH;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/// Clients that ask for less bandwidth than they might have.
class AskedBandwidthTest {

    private static final int LARGEST = 0xFFFF;

    /// 64 kbit/s of 1024 bits.
    private static final byte[] SLOW = kilobits(64);

    @Test
    void whatIsAskedForIsToldAndHolds() {
        Script script = new Script(null, true);

        assertThat(script.allocate(SLOW).find(BANDWIDTH)).contains(SLOW);
        assertThat(script.passes(LARGEST)).isTrue(); // all at once, and then by time
        assertThat(script.passes(1)).isFalse();
        script.waits(Duration.ofSeconds(1));
        assertThat(script.passes(64 * 128)).isTrue();
        assertThat(script.passes(1)).isFalse();
    }

    @Test
    void nobodyGetsMoreThanThereIs() {
        Script script = new Script(new Bandwidth(64 * 128, Duration.ofSeconds(1)), true);

        assertThat(script.allocate(kilobits(-1)).find(BANDWIDTH)).contains(SLOW);
        assertThat(script.passes(LARGEST)).isTrue();
        assertThat(script.passes(1)).isFalse();
    }

    @Test
    void aRetransmissionIsToldTheSame() {
        Script script = new Script(null, true);
        script.allocate(SLOW);

        assertThat(script.again().find(BANDWIDTH)).contains(SLOW);
    }

    @Test
    void whoAsksForNothingIsToldNothing() {
        for (byte[] value : new byte[][] {kilobits(0), {1, 2, 3}, {}}) {
            Script script = new Script(null, true);

            assertThat(script.allocate(value).find(BANDWIDTH)).isEmpty();
            assertThat(script.passes(LARGEST)).isTrue();
            assertThat(script.passes(LARGEST)).isTrue();
        }
    }

    @Test
    void unlessTheOperatorLetsThemNobodyIsHeard() {
        Script script = new Script(null, false);

        assertThat(script.allocate(SLOW).find(BANDWIDTH)).isEmpty();
        assertThat(script.passes(LARGEST)).isTrue();
        assertThat(script.passes(LARGEST)).isTrue();
    }

    private static byte[] kilobits(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    /// One client with its allocation.
    private static final class Script {

        private final TurnScript turn;
        private final ScriptClient alice;
        private @Nullable StunMessage request;

        Script(@Nullable Bandwidth limit, boolean clientsAsk) {
            TurnScript.Setting setting = TurnScript.setting();
            setting.limits =
                    new SharedLimits(
                            ByResource.of(_ -> SourceQuotas.NONE),
                            new SharedBandwidth(
                                    new BandwidthLimits(limit, null, null, Map.of(), clientsAsk)),
                            new Refusals());
            turn = setting.start();
            alice = turn.client("alice");
        }

        StunMessage allocate(byte[] bandwidth) {
            StunMessage sent = alice.allocate(builder -> builder.with(BANDWIDTH, bandwidth));
            request = sent;
            turn.core.handle(new Event.MessageReceived(alice.tuple(), sent), turn.now());
            return answer(
                    new Event.RelayOpened(
                            new AllocationId(1),
                            AddressFamily.IPV4,
                            TestAddresses.of("198.51.100.1:50000"),
                            null));
        }

        StunMessage again() {
            return answer(
                    new Event.MessageReceived(alice.tuple(), Objects.requireNonNull(request)));
        }

        private StunMessage answer(Event event) {
            return turn.core.handle(event, turn.now()).stream()
                    .filter(Effect.Send.class::isInstance)
                    .map(effect -> ((Effect.Send) effect).message())
                    .findFirst()
                    .orElseThrow();
        }

        boolean passes(int bytes) {
            Allocation allocation = turn.core.allocation(new AllocationId(1));
            return Objects.requireNonNull(allocation).passToPeer(bytes, turn.now()) == null;
        }

        void waits(Duration time) {
            turn.passes(time).ignored();
        }
    }
}
