package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.relay.OpenRelays;
import io.hairpin.server.relay.RelayAddress;
import io.hairpin.stun.TransportAddress;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

class ServerAddressesTest {

    private final ServerAddresses addresses =
            new ServerAddresses(
                    new OpenRelays(
                            List.of(
                                    new RelayAddress(
                                            InetAddress.ofLiteral("10.0.0.5"),
                                            InetAddress.ofLiteral("203.0.113.7")))));

    @Test
    void aListenerOnOneAddressIsThereAndBehindTheNatAndNowhereElse() {
        addresses.addEndpoint(at("198.51.100.5", 3478));

        assertThat(isEndpoint(at("198.51.100.5", 3478))).isTrue();
        assertThat(isEndpoint(at("203.0.113.7", 3478))).isTrue();
        assertThat(isEndpoint(at("198.51.100.5", 3479))).isFalse();
        assertThat(isEndpoint(at("127.0.0.1", 3478))).isFalse();
        assertThat(addresses.hasEndpoint(InetAddress.ofLiteral("198.51.100.5"))).isTrue();
        assertThat(addresses.hasEndpoint(InetAddress.ofLiteral("198.51.100.6"))).isFalse();
    }

    @Test
    void aListenerOnAWildcardIsOnEveryAddressOfThisMachineAndNoOther() {
        addresses.addEndpoint(at("0.0.0.0", 3478));

        assertThat(isEndpoint(at("127.0.0.1", 3478))).isTrue();
        assertThat(isEndpoint(at("127.8.9.10", 3478))).isTrue();
        assertThat(isEndpoint(at("203.0.113.7", 3478))).isTrue();
        assertThat(MachineAddresses.all())
                .filteredOn(address -> address instanceof java.net.Inet4Address)
                .allMatch(address -> isEndpoint(new InetSocketAddress(address, 3478)));
        assertThat(isEndpoint(at("198.51.100.5", 3478))).isFalse();
        assertThat(isEndpoint(at("::1", 3478))).isFalse();
    }

    @Test
    void aListenerOnTheWildcardOfIpv6CountsForBothFamilies() {
        addresses.addEndpoint(at("::", 3478));

        assertThat(isEndpoint(at("::1", 3478))).isTrue();
        assertThat(isEndpoint(at("127.0.0.1", 3478))).isTrue();
    }

    @Test
    void relayAddressesAreTheOnesThatPeersSee() {
        assertThat(addresses.isRelayAddress(InetAddress.ofLiteral("203.0.113.7"))).isTrue();
        assertThat(addresses.isRelayAddress(InetAddress.ofLiteral("10.0.0.5"))).isFalse();
        assertThat(isOpenRelay(at("203.0.113.7", 50_000))).isFalse();
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private boolean isEndpoint(InetSocketAddress address) {
        TransportAddress numbers = TransportAddress.of(address);
        return addresses.isEndpoint(numbers.high(), numbers.low(), numbers.port());
    }

    private boolean isOpenRelay(InetSocketAddress address) {
        TransportAddress numbers = TransportAddress.of(address);
        return addresses.isOpenRelay(numbers.high(), numbers.low(), numbers.port());
    }
}
