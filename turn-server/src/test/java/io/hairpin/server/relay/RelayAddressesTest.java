package io.hairpin.server.relay;

import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hairpin.server.core.RelaySpec;
import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.server.relay.RelayAddresses.Lease;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

class RelayAddressesTest {

    private static final RelayAddress FIRST = address("10.0.0.5", "203.0.113.7");
    private static final RelayAddress SECOND = address("10.0.0.6", "203.0.113.8");
    private static final RelayAddress SIX = address("fd00::5", "2001:db8::5");
    private static final RelaySpec ANY_4 = new RelaySpec(IPV4, new PortChoice.Any());
    private static final RelaySpec PAIR_4 = new RelaySpec(IPV4, new PortChoice.Even(true));

    private final RelayAddresses addresses =
            new RelayAddresses(
                    List.of(FIRST, SECOND, SIX), 50_000, 50_003, new SplittableRandom(1));

    @Test
    void aLeaseNamesWhatToBindAndWhatToTell() {
        Lease lease = addresses.lease(new RelaySpec(IPV6, new PortChoice.Any())).orElseThrow();

        assertThat(lease.bind().getAddress()).isEqualTo(SIX.bind());
        assertThat(lease.relayed().getAddress()).isEqualTo(SIX.advertise());
        assertThat(lease.relayed().getPort()).isEqualTo(lease.bind().getPort());
        assertThat(lease.reserved()).isNull();
    }

    @Test
    void addressesOfAFamilyTakeTurns() {
        InetAddress one = addresses.lease(ANY_4).orElseThrow().bind().getAddress();
        InetAddress other = addresses.lease(ANY_4).orElseThrow().bind().getAddress();

        assertThat(List.of(one, other)).containsExactlyInAnyOrder(FIRST.bind(), SECOND.bind());
    }

    @Test
    void aFullAddressIsPassedOver() {
        for (int i = 0; i < 8; i++) {
            assertThat(addresses.lease(ANY_4)).isPresent();
        }

        assertThat(addresses.lease(ANY_4)).isEmpty();
        assertThat(addresses.freePorts()).isEqualTo(4);
        addresses.release(new InetSocketAddress(SECOND.advertise(), 50_002));
        assertThat(addresses.lease(ANY_4).orElseThrow().bind())
                .isEqualTo(new InetSocketAddress(SECOND.bind(), 50_002));
    }

    @Test
    void aReservationIsOnTheSameAddressAndClaimedWithoutTakingAnother() {
        Lease lease = addresses.lease(PAIR_4).orElseThrow();
        InetSocketAddress reserved = Objects.requireNonNull(lease.reserved());
        assertThat(reserved)
                .isEqualTo(
                        new InetSocketAddress(
                                lease.relayed().getAddress(), lease.relayed().getPort() + 1));
        int free = addresses.freePorts();

        Lease claimed =
                addresses
                        .lease(new RelaySpec(IPV4, new PortChoice.Reserved(reserved)))
                        .orElseThrow();

        assertThat(claimed.relayed()).isEqualTo(reserved);
        assertThat(claimed.bind())
                .isEqualTo(new InetSocketAddress(lease.bind().getAddress(), reserved.getPort()));
        assertThat(addresses.freePorts()).isEqualTo(free);
    }

    @Test
    void aFamilyWithoutAddressesHasNothingToLease() {
        RelayAddresses four =
                new RelayAddresses(List.of(FIRST), 50_000, 50_003, new SplittableRandom(1));

        assertThat(four.families()).containsExactly(IPV4);
        assertThat(four.lease(new RelaySpec(IPV6, new PortChoice.Any()))).isEmpty();
    }

    @Test
    void whatIsNotOursCannotBeReleased() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> addresses.release(new InetSocketAddress(FIRST.bind(), 50_000)));
    }

    @Test
    void aRelayAddressIsOfOneFamily() {
        assertThatIllegalArgumentException().isThrownBy(() -> address("10.0.0.5", "2001:db8::5"));
    }

    private static RelayAddress address(String bind, String advertise) {
        return new RelayAddress(InetAddress.ofLiteral(bind), InetAddress.ofLiteral(advertise));
    }
}
