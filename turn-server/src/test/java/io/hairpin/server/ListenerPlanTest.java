package io.hairpin.server;

import static io.hairpin.net.SocketKind.EPOLL;
import static io.hairpin.net.SocketKind.NIO;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.config.ListenerConfig;
import io.hairpin.server.config.ListenerTransport;
import io.hairpin.stun.AddressFamily;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

class ListenerPlanTest {

    private static final ListenerConfig UDP_4 = listener(ListenerTransport.UDP, "0.0.0.0", 3478);
    private static final ListenerConfig UDP_6 = listener(ListenerTransport.UDP, "::", 3478);
    private static final ListenerConfig TCP_6 = listener(ListenerTransport.TCP, "::", 3478);
    private static final ListenerConfig OTHER_PORT = listener(ListenerTransport.UDP, "::", 3479);
    private static final ListenerConfig ONE = listener(ListenerTransport.UDP, "10.0.0.5", 3478);

    @Test
    void whereFamiliesAreKeptApartEachListenerHasASocketOfItsOwn() {
        assertThat(ListenerPlan.of(List.of(UDP_4, UDP_6, ONE), EPOLL))
                .containsExactly(
                        plan(UDP_4, Set.of(IPV4)),
                        plan(UDP_6, Set.of(IPV6)),
                        plan(ONE, Set.of(IPV4)));
    }

    @Test
    void whereTheyAreNotOneSocketServesBothWildcards() {
        assertThat(ListenerPlan.of(List.of(UDP_4, UDP_6), NIO))
                .containsExactly(plan(UDP_6, Set.of(IPV4, IPV6)));
    }

    @Test
    void otherTransportsPortsAndAddressesAreNoTwins() {
        assertThat(ListenerPlan.of(List.of(UDP_4, TCP_6, OTHER_PORT), NIO))
                .containsExactly(
                        plan(UDP_4, Set.of(IPV4)),
                        plan(TCP_6, Set.of(IPV6)),
                        plan(OTHER_PORT, Set.of(IPV6)));
    }

    private static ListenerPlan plan(ListenerConfig listener, Set<AddressFamily> families) {
        return new ListenerPlan(
                listener.transport(),
                new InetSocketAddress(listener.address(), listener.port()),
                families);
    }

    private static ListenerConfig listener(ListenerTransport transport, String address, int port) {
        return new ListenerConfig(transport, InetAddress.ofLiteral(address), port);
    }
}
