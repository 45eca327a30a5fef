package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hairpin.stun.TransportAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;

class AddressRangeTest {

    @Test
    void aNetworkOfIpv4HasAllButTheFirstAndLastAddress() {
        AddressRange range = AddressRange.parse("127.1.2.3/16");

        assertThat(range.isIpv4()).isTrue();
        assertThat(range.count()).isEqualTo(65_534);
        assertThat(address(range, 0)).isEqualTo(InetAddress.ofLiteral("127.1.0.1"));
        assertThat(address(range, 65_533)).isEqualTo(InetAddress.ofLiteral("127.1.255.254"));
    }

    @Test
    void aNetworkOfIpv6IsMoreThanEnough() {
        AddressRange range = AddressRange.parse("fd00:1::/64");

        assertThat(range.isIpv4()).isFalse();
        assertThat(range.count()).isEqualTo(LoadPlan.MAX_CLIENTS);
        assertThat(address(range, 0)).isEqualTo(InetAddress.ofLiteral("fd00:1::1"));
        assertThat(address(range, 65_536)).isEqualTo(InetAddress.ofLiteral("fd00:1::1:1"));
    }

    @Test
    void anAddressIsFoundAgain() {
        AddressRange range = AddressRange.parse("127.1.0.0/30");

        assertThat(index(range, "127.1.0.1")).isZero();
        assertThat(index(range, "127.1.0.2")).isEqualTo(1);
        assertThat(index(range, "127.1.0.3")).isEqualTo(-1);
        assertThat(index(range, "127.1.0.0")).isEqualTo(-1);
        assertThat(index(range, "fd00::1")).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1", "127.0.0.0/", "127.0.0.0/0", "x/8", "127.0.0.0/-1"})
    void whatIsNoNetworkIsRefused(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a network");
    }

    private static InetAddress address(AddressRange range, int index) {
        return TransportAddress.inetAddress(range.high(), range.low(index));
    }

    private static int index(AddressRange range, String address) {
        InetAddress host = InetAddress.ofLiteral(address);
        return range.indexOf(TransportAddress.high(host), TransportAddress.low(host));
    }
}
