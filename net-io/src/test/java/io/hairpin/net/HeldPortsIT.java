package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;

class HeldPortsIT {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aHeldPortIsNobodyElsesUntilItIsLetGo(String host) throws Exception {
        InetSocketAddress address = freePort(host);
        try (HeldPorts held = new HeldPorts()) {

            assertThat(held.hold(address)).isEmpty();

            assertThatThrownBy(() -> new DatagramSocket(address).close())
                    .isInstanceOf(SocketException.class);
            held.letGo(address);
            new DatagramSocket(address).close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aPortOfAnotherProgramIsNotHeld(String host) throws Exception {
        try (DatagramSocket other = new DatagramSocket(0, InetAddress.ofLiteral(host));
                HeldPorts held = new HeldPorts()) {
            InetSocketAddress address =
                    new InetSocketAddress(other.getLocalAddress(), other.getLocalPort());

            assertThat(held.hold(address)).map(BindFailure::kind).contains(BindFailure.Kind.IN_USE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void closingLetsAllGo(String host) throws Exception {
        InetSocketAddress address = freePort(host);
        HeldPorts held = new HeldPorts();
        assertThat(held.hold(address)).isEmpty();

        held.close();

        new DatagramSocket(address).close();
    }

    private static InetSocketAddress freePort(String host) throws SocketException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral(host))) {
            return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
        }
    }
}
