package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.Allocation;
import io.hairpin.client.TurnClient;
import io.hairpin.client.TurnException;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.ErrorCode;

import org.junit.jupiter.api.Test;

import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;

/// Which ports relays get, and what happens when there is none.
class PortsIT {

    /// Finds a range of ports that no other program has a socket on.
    static TestConfiguration rangeOf(int size) throws Exception {
        for (int first = 40_000; first < 60_000; first += size) {
            if (isFree(first, size)) {
                return TestConfiguration.loopback().ports(first, first + size - 1);
            }
        }
        throw new IllegalStateException("no free range");
    }

    private static boolean isFree(int first, int size) {
        for (int port = first; port < first + size; port++) {
            try (DatagramSocket probe =
                    new DatagramSocket(new InetSocketAddress(TestConfiguration.LOOPBACK_4, port))) {
                probe.getLocalPort();
            } catch (java.net.SocketException e) {
                return false;
            }
        }
        return true;
    }

    @Test
    void whenAllPortsAreTakenAllocateIsAnswered508AndAFreedPortServesAgain() throws Exception {
        try (TurnServer server = TurnServer.start(rangeOf(2).build());
                TurnClient first = Clients.of(server, Transport.UDP, IPV4);
                TurnClient second = Clients.of(server, Transport.TCP, IPV4);
                TurnClient third = Clients.of(server, Transport.UDP, IPV4)) {
            first.allocate(AllocateOptions.udp());
            InetSocketAddress freed = second.allocate(AllocateOptions.udp()).relayedAddress();

            assertThatExceptionOfType(TurnException.class)
                    .isThrownBy(() -> third.allocate(AllocateOptions.udp()))
                    .matches(refused -> refused.error().is(ErrorCode.INSUFFICIENT_CAPACITY));

            second.refresh(Duration.ZERO);
            try (TurnClient fourth = Clients.of(server, Transport.UDP, IPV4)) {
                assertThat(fourth.allocate(AllocateOptions.udp()).relayedAddress())
                        .isEqualTo(freed);
            }
        }
    }

    @Test
    void aPortThatAnotherProgramHasIsPassedOver() throws Exception {
        TestConfiguration two = rangeOf(2);
        try (DatagramSocket other =
                        new DatagramSocket(
                                new InetSocketAddress(
                                        TestConfiguration.LOOPBACK_4, two.ports().first()));
                TurnServer server = TurnServer.start(two.build());
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            Allocation allocation = client.allocate(AllocateOptions.udp());

            assertThat(allocation.relayedAddress().getPort()).isEqualTo(two.ports().last());
            assertThat(other.isBound()).isTrue();
        }
    }

    @Test
    void aFamilyWhosePortsAreTakenIsToldByAnAddressErrorCode() throws Exception {
        TestConfiguration one = rangeOf(1);
        try (DatagramSocket other =
                        new DatagramSocket(
                                new InetSocketAddress(
                                        TestConfiguration.LOOPBACK_6, one.ports().first()));
                TurnServer server = TurnServer.start(one.build());
                TurnClient client = Clients.of(server, Transport.UDP, IPV4)) {
            Allocation allocation = client.allocate(AllocateOptions.udp().additionalFamily(IPV6));

            assertThat(allocation.relayedAddresses()).hasSize(1);
            assertThat(allocation.addressError().orElseThrow().code())
                    .isEqualTo(ErrorCode.INSUFFICIENT_CAPACITY.code());
            assertThat(other.isBound()).isTrue();
        }
    }

    @Test
    void aReservedPortWaitsForItsTokenAndForNobodyElse() throws Exception {
        try (TurnServer server = TurnServer.start(rangeOf(2).build());
                TurnClient rtp = Clients.of(server, Transport.UDP, IPV4);
                TurnClient other = Clients.of(server, Transport.UDP, IPV4);
                TurnClient rtcp = Clients.of(server, Transport.TCP, IPV4)) {
            Allocation even = rtp.allocate(AllocateOptions.udp().evenPortReservingNext());
            assertThat(even.relayedAddress().getPort()).isEven();

            assertThatExceptionOfType(TurnException.class)
                    .isThrownBy(() -> other.allocate(AllocateOptions.udp()))
                    .matches(refused -> refused.error().is(ErrorCode.INSUFFICIENT_CAPACITY));
            Allocation odd =
                    rtcp.allocate(
                            AllocateOptions.udp()
                                    .reservationToken(even.reservationToken().orElseThrow()));
            assertThat(odd.relayedAddress().getPort())
                    .isEqualTo(even.relayedAddress().getPort() + 1);
        }
    }
}
