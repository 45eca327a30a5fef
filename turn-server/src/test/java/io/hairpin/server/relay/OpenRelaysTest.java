package io.hairpin.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.TransportAddress;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

class OpenRelaysTest {

    private static final InetAddress INSIDE = InetAddress.ofLiteral("10.0.0.5");
    private static final InetAddress OUTSIDE = InetAddress.ofLiteral("203.0.113.7");
    private static final InetAddress PUBLIC = InetAddress.ofLiteral("203.0.113.8");

    private final OpenRelays relays =
            new OpenRelays(
                    List.of(new RelayAddress(INSIDE, OUTSIDE), new RelayAddress(PUBLIC, PUBLIC)));

    @Test
    void anOpenRelayBehindTheNatIsReachedDirectlyAndKnownByItsAdvertisedAddress() {
        relays.opened(at(OUTSIDE, 50_000));

        assertThat(destination(at(OUTSIDE, 50_000))).isEqualTo(at(INSIDE, 50_000));
        assertThat(origin(at(INSIDE, 50_000))).isEqualTo(at(OUTSIDE, 50_000));
    }

    @Test
    void aClosedRelayIsAnAddressLikeAnyOther() {
        relays.opened(at(OUTSIDE, 50_000));
        relays.closed(at(OUTSIDE, 50_000));

        assertThat(contains(at(OUTSIDE, 50_000))).isFalse();
        assertThat(destination(at(OUTSIDE, 50_000))).isEqualTo(at(OUTSIDE, 50_000));
        assertThat(origin(at(INSIDE, 50_000))).isEqualTo(at(INSIDE, 50_000));
    }

    @Test
    void otherPortsOfTheMachineAreNotTakenForRelays() {
        relays.opened(at(OUTSIDE, 50_000));

        assertThat(origin(at(INSIDE, 53))).isEqualTo(at(INSIDE, 53));
        assertThat(destination(at(OUTSIDE, 53))).isEqualTo(at(OUTSIDE, 53));
    }

    @Test
    void whereNoNatIsNothingIsRewritten() {
        relays.opened(at(PUBLIC, 50_000));

        assertThat(destination(at(PUBLIC, 50_000))).isEqualTo(at(PUBLIC, 50_000));
        assertThat(origin(at(PUBLIC, 50_000))).isEqualTo(at(PUBLIC, 50_000));
    }

    @Test
    void relayAddressesAreTheAdvertisedOnes() {
        assertThat(relays.isRelayAddress(OUTSIDE)).isTrue();
        assertThat(relays.isRelayAddress(PUBLIC)).isTrue();
        assertThat(relays.isRelayAddress(INSIDE)).isFalse();
    }

    private static InetSocketAddress at(InetAddress address, int port) {
        return new InetSocketAddress(address, port);
    }

    private boolean contains(InetSocketAddress address) {
        TransportAddress numbers = TransportAddress.of(address);
        return relays.contains(numbers.high(), numbers.low(), numbers.port());
    }

    private InetSocketAddress destination(InetSocketAddress peer) {
        TransportAddress numbers = TransportAddress.of(peer);
        OpenRelays.Site ours = relays.behind(numbers.high(), numbers.low(), numbers.port());
        return ours == null
                ? peer
                : TransportAddress.socketAddress(ours.bindHigh, ours.bindLow, peer.getPort());
    }

    private InetSocketAddress origin(InetSocketAddress source) {
        TransportAddress numbers = TransportAddress.of(source);
        OpenRelays.Site ours = relays.before(numbers.high(), numbers.low(), numbers.port());
        return ours == null
                ? source
                : TransportAddress.socketAddress(
                        ours.advertiseHigh, ours.advertiseLow, source.getPort());
    }
}
