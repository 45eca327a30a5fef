package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigInteger;
import java.util.Arrays;

class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0, true",
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, 9.255.255.255, false",
        "172.16.0.0/12, 172.31.255.255, true",
        "172.16.0.0/12, 172.32.0.0, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ffff::1, true",
        "::/0, 1.2.3.4, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "fc00::/7, fdff::1, true",
        "fc00::/7, fe00::, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
    })
    void containsWhatSharesThePrefixAndTheFamily(String range, String address, boolean inside) {
        assertThat(Cidr.of(range).contains(TestAddresses.host(address))).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.1/8",
                "10.0.0/8",
                "010.0.0.0/8",
                "example.org",
                "localhost/8",
                "::/129",
                "::1/127",
                "fe80::1%lo",
                "10.0.0.0/ 8",
                " 10.0.0.0/8",
                "10.0.0.0/99999999999"
            })
    void whatIsNoRangeIsNotRead(String text) {
        assertThat(Cidr.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "0.0.0.0/0", "192.0.2.7/32", "0:0:0:0:0:0:0:1/128"})
    void isWrittenTheWayItIsRead(String text) {
        assertThat(Cidr.of(text)).hasToString(text);
        assertThat(Cidr.parse(Cidr.of(text).toString())).contains(Cidr.of(text));
    }

    @Test
    void refusesBitsBeyondThePrefix() {
        assertThatThrownBy(() -> new Cidr(TestAddresses.host("10.0.0.1"), 31))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Cidr(TestAddresses.host("10.0.0.0"), 33))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// Compared as numbers, which is a second way to say the same.
    @Property
    void containsExactlyTheNumbersBetweenItsFirstAndLast(
            @ForAll("hosts") byte[] network,
            @ForAll("hosts") byte[] candidate,
            @ForAll @IntRange(min = 0, max = 128) int anyLength,
            @ForAll boolean near) {
        int bits = network.length * 8;
        int length = Math.min(anyLength, bits);
        BigInteger size = BigInteger.ONE.shiftLeft(bits - length);
        BigInteger first = number(network).divide(size).multiply(size);
        byte[] address = near ? neighbour(network, candidate) : candidate;

        Cidr range = new Cidr(Cidr.address(bytes(first, network.length)), length);

        boolean inside =
                address.length == network.length
                        && number(address).subtract(first).signum() >= 0
                        && number(address).compareTo(first.add(size)) < 0;
        assertThat(range.contains(Cidr.address(address))).isEqualTo(inside);
    }

    @Provide
    static Arbitrary<byte[]> hosts() {
        Arbitrary<Byte> octets = Arbitraries.bytes();
        return Arbitraries.oneOf(
                octets.array(byte[].class).ofSize(4),
                // never an IPv4-mapped one, of which the JDK makes an IPv4 address
                octets.array(byte[].class)
                        .ofSize(16)
                        .map(
                                bytes -> {
                                    bytes[0] |= 0x20;
                                    return bytes;
                                }));
    }

    /// The address with only its last bits changed, so that close calls are common.
    private static byte[] neighbour(byte[] address, byte[] noise) {
        byte[] result = address.clone();
        result[result.length - 1] = noise[noise.length - 1];
        result[result.length / 2] ^= (byte) (noise[0] & 1);
        return result;
    }

    private static BigInteger number(byte[] bytes) {
        return new BigInteger(1, bytes);
    }

    private static byte[] bytes(BigInteger number, int length) {
        byte[] padded = new byte[length];
        byte[] raw = number.toByteArray();
        byte[] significant = Arrays.copyOfRange(raw, Math.max(0, raw.length - length), raw.length);
        System.arraycopy(significant, 0, padded, length - significant.length, significant.length);
        return padded;
    }
}
