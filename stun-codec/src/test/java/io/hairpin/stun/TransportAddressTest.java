package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

class TransportAddressTest {

    @Property
    void everyAddressComesBackFromItsNumbers(
            @ForAll @Size(4) byte[] ipv4,
            @ForAll @Size(16) byte[] ipv6,
            @ForAll @IntRange(max = 0xFFFF) int port)
            throws UnknownHostException {
        for (byte[] bytes : new byte[][] {ipv4, ipv6}) {
            InetAddress host = InetAddress.getByAddress(bytes);
            InetSocketAddress address = new InetSocketAddress(host, port);
            TransportAddress numbers = TransportAddress.of(address);

            assertThat(numbers.family()).isEqualTo(AddressFamily.of(host));
            if (!TransportAddress.isLinkLocal(numbers.high())) {
                assertThat(numbers.socketAddress()).isEqualTo(address);
            }
        }
    }

    @Test
    void ipv4IsInItsMappedForm() {
        assertThat(TransportAddress.of(new InetSocketAddress("192.0.2.1", 7)))
                .isEqualTo(new TransportAddress(0, 0xFFFF_C000_0201L, 7));
    }

    @Test
    void theScopeOfALinkLocalAddressIsKeptAndNeverPartOfTheAddress() throws Exception {
        byte[] bytes = InetAddress.ofLiteral("fe80::1").getAddress();
        InetAddress scoped = Inet6Address.getByAddress(null, bytes, 3);
        TransportAddress numbers = TransportAddress.of(new InetSocketAddress(scoped, 7));

        assertThat(TransportAddress.scope(numbers.high())).isEqualTo(3);
        assertThat(TransportAddress.withoutScope(numbers.high())).isEqualTo(0xFE80L << 48);
        InetAddress back = numbers.socketAddress().getAddress();
        assertThat(back.getAddress()).isEqualTo(bytes);
        assertThat(((Inet6Address) back).getScopeId()).isEqualTo(3);
    }

    @Test
    void addressesThatAreNotLinkLocalHaveNoScope() {
        InetSocketAddress global = new InetSocketAddress("2001:db8:1:2:3::4", 7);
        long high = TransportAddress.of(global).high();

        assertThat(TransportAddress.scope(high)).isZero();
        assertThat(TransportAddress.withoutScope(high)).isEqualTo(high);
    }
}
