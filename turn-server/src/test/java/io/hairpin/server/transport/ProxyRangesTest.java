package io.hairpin.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.Cidr;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

class ProxyRangesTest {

    @Test
    void nobodyIsBelievedUnlessNamed() throws UnknownHostException {
        assertThat(ProxyRanges.NONE.isEmpty()).isTrue();
        assertThat(ProxyRanges.NONE.contains(InetAddress.ofLiteral("127.0.0.1"))).isFalse();
    }

    @Test
    void anIpv4RangeHasNoAddressOfIpv6() {
        ProxyRanges all = ranges("0.0.0.0/0");

        assertThat(all.contains(InetAddress.ofLiteral("203.0.113.7"))).isTrue();
        assertThat(all.contains(InetAddress.ofLiteral("2001:db8::1"))).isFalse();
    }

    @Test
    void theInterfaceOfALinkLocalProxyDoesNotMatter() throws UnknownHostException {
        byte[] bytes = InetAddress.ofLiteral("fe80::1").getAddress();
        InetAddress scoped = Inet6Address.getByAddress(null, bytes, 3);

        assertThat(ranges("fe80::/10").contains(scoped)).isTrue();
    }

    @Property
    void aRangeHasWhatItsNotationHas(
            @ForAll @Size(4) byte[] network,
            @ForAll @Size(4) byte[] other,
            @ForAll @IntRange(min = 0, max = 32) int prefix,
            @ForAll boolean near)
            throws UnknownHostException {
        agree(network, near ? mostlyLike(network, other) : other, prefix);
    }

    @Property
    void anIpv6RangeHasWhatItsNotationHas(
            @ForAll @Size(16) byte[] network,
            @ForAll @Size(16) byte[] other,
            @ForAll @IntRange(min = 0, max = 128) int prefix,
            @ForAll boolean near)
            throws UnknownHostException {
        byte[] base = network.clone();
        base[0] = 0x20; // neither link-local nor an IPv4 address
        byte[] candidate = near ? mostlyLike(base, other) : other.clone();
        candidate[0] = 0x20;
        agree(base, candidate, prefix);
    }

    private static void agree(byte[] network, byte[] candidate, int prefix)
            throws UnknownHostException {
        byte[] masked = network.clone();
        for (int bit = prefix; bit < masked.length * 8; bit++) {
            masked[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        Cidr cidr = new Cidr(InetAddress.getByAddress(masked), prefix);
        InetAddress address = InetAddress.getByAddress(candidate);

        assertThat(new ProxyRanges(List.of(cidr)).contains(address))
                .isEqualTo(cidr.contains(address));
    }

    /// The first half of one address and the rest of another.
    private static byte[] mostlyLike(byte[] one, byte[] other) {
        byte[] mixed = Arrays.copyOf(one, one.length);
        System.arraycopy(other, one.length / 2, mixed, one.length / 2, one.length / 2);
        return mixed;
    }

    private static ProxyRanges ranges(String notation) {
        return new ProxyRanges(List.of(Cidr.parse(notation).orElseThrow()));
    }
}
