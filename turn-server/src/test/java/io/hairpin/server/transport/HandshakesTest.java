package io.hairpin.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.SourceQuotas;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Which TLS handshake gives way to another.
class HandshakesTest {

    private static final InetAddress ATTACKER = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress NEIGHBOUR = InetAddress.ofLiteral("192.0.2.2");
    private static final InetAddress SOMEBODY = InetAddress.ofLiteral("203.0.113.1");
    private static final long MILLISECOND = Duration.ofMillis(1).toNanos();

    private long nowNanos;
    private final SourceQuotas sources = new SourceQuotas(2, 3, List.of());
    private final Handshakes handshakes = new Handshakes(3, sources, () -> nowNanos);
    private final List<Begun> displaced = new ArrayList<>();

    private final class Begun implements Handshakes.UnderWay {
        @Override
        public void giveWay() {
            displaced.add(this);
        }
    }

    @Test
    void theOldestGivesWayOnceItHasTakenLongerThanHonestOnesDo() {
        Begun oldest = begun(ATTACKER);
        nowNanos += MILLISECOND;
        Begun second = begun(ATTACKER);
        begun(NEIGHBOUR);
        nowNanos += 999 * MILLISECOND - 1;
        assertRefused(SOMEBODY, RefusalReason.HANDSHAKE_LIMIT);
        assertThat(displaced).isEmpty();

        nowNanos += 1;
        begun(SOMEBODY);
        assertThat(displaced).containsExactly(oldest);
        assertRefused(SOMEBODY, RefusalReason.HANDSHAKE_LIMIT);
        nowNanos += MILLISECOND;
        begun(SOMEBODY);

        assertThat(displaced).containsExactly(oldest, second);
        assertThat(handshakes.underWay()).isEqualTo(3);
    }

    @Test
    void whoHasTheShareOfItsSourceDisplacesNobody() {
        begun(ATTACKER);
        begun(ATTACKER);
        begun(SOMEBODY);
        nowNanos += 2000 * MILLISECOND;

        assertRefused(ATTACKER, RefusalReason.ADDRESS_LIMIT);
        begun(NEIGHBOUR);
        assertThat(displaced).hasSize(1);
        assertRefused(NEIGHBOUR, RefusalReason.NETWORK_LIMIT);
        assertThat(displaced).hasSize(1);
    }

    @Test
    void whatGaveWayCountsForItsSourceUntilItIsOver() {
        Begun oldest = begun(ATTACKER);
        begun(ATTACKER);
        begun(SOMEBODY);
        nowNanos += 1000 * MILLISECOND;
        Begun newcomer = begun(SOMEBODY);
        assertRefused(ATTACKER, RefusalReason.ADDRESS_LIMIT);

        handshakes.over(oldest, ATTACKER);
        assertThat(handshakes.underWay()).as("its place is another's").isEqualTo(3);
        handshakes.over(newcomer, SOMEBODY);
        assertThat(handshakes.underWay()).isEqualTo(2);
        begun(ATTACKER);
    }

    @Test
    void whatIsOverLeavesNothing() {
        List<Begun> all = List.of(begun(ATTACKER), begun(NEIGHBOUR), begun(SOMEBODY));

        handshakes.over(all.get(0), ATTACKER);
        handshakes.over(all.get(1), NEIGHBOUR);
        handshakes.over(all.get(2), SOMEBODY);

        assertThat(handshakes.underWay()).isZero();
        assertThat(sources.mostOfAddress()).isZero();
        assertThat(sources.mostOfNetwork()).isZero();
        assertThat(displaced).isEmpty();
    }

    private Begun begun(InetAddress source) {
        Begun handshake = new Begun();
        assertThat(handshakes.tryBegin(handshake, source)).isNull();
        return handshake;
    }

    private void assertRefused(InetAddress source, RefusalReason reason) {
        assertThat(handshakes.tryBegin(new Begun(), source)).isEqualTo(reason);
    }
}
