package io.hairpin.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.net.Datagram;
import io.hairpin.server.transport.DatagramProxyHeader.Outcome;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

class DatagramProxyHeaderTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String IPV4 = "cb007107 7f000001 c350 0d96";
    private static final String PAYLOAD = "00010203";

    private final DatagramProxyHeader header = new DatagramProxyHeader();
    private final Datagram datagram = new Datagram();

    @Test
    void aClientOfIpv4IsNamed() {
        assertThat(read("21 12 000c" + IPV4 + PAYLOAD)).isEqualTo(Outcome.CLIENT);
        assertThat(header.client()).isEqualTo(new InetSocketAddress("203.0.113.7", 50_000));
        assertThat(rest()).isEqualTo(PAYLOAD);
    }

    @Test
    void aClientOfIpv6IsNamed() {
        String addresses =
                "20010db8000000000000000000000007 00000000000000000000000000000001 c350 0d96";

        assertThat(read("21 22 0024" + addresses + PAYLOAD)).isEqualTo(Outcome.CLIENT);
        assertThat(header.client()).isEqualTo(new InetSocketAddress("2001:db8::7", 50_000));
        assertThat(rest()).isEqualTo(PAYLOAD);
    }

    @Test
    void whatFollowsTheAddressesIsPassedOver() {
        assertThat(read("21 12 0011" + IPV4 + "04 0002 ffff" + PAYLOAD)).isEqualTo(Outcome.CLIENT);
        assertThat(rest()).isEqualTo(PAYLOAD);
    }

    @Test
    void aProxyMaySpeakForItself() {
        assertThat(read("20 00 0000" + PAYLOAD)).isEqualTo(Outcome.PROXY);
        assertThat(rest()).isEqualTo(PAYLOAD);
        assertThat(read("20 12 000c" + IPV4 + PAYLOAD)).isEqualTo(Outcome.PROXY);
        assertThat(read("21 00 0000" + PAYLOAD)).isEqualTo(Outcome.PROXY);
    }

    @Test
    void whatIsNoHeaderIsLeftAsItIs() {
        datagram.wrap(ByteBuffer.wrap(HexFormat.of().parseHex("0d0a0d0a" + PAYLOAD)));

        assertThat(header.read(datagram)).isEqualTo(Outcome.NONE);
        assertThat(rest()).isEqualTo("0d0a0d0a" + PAYLOAD);
    }

    @Test
    void aHeaderOfAnotherVersionTransportOrLengthIsMalformed() {
        assertThat(read("11 12 000c" + IPV4)).isEqualTo(Outcome.MALFORMED);
        assertThat(read("22 12 000c" + IPV4)).isEqualTo(Outcome.MALFORMED);
        assertThat(read("21 11 000c" + IPV4)).isEqualTo(Outcome.MALFORMED); // TCP
        assertThat(read("21 12 000b" + IPV4)).isEqualTo(Outcome.MALFORMED);
        assertThat(read("21 12 000d" + IPV4)).isEqualTo(Outcome.MALFORMED); // not all there
        assertThat(read("21 22 000c" + IPV4)).isEqualTo(Outcome.MALFORMED);
    }

    @Property
    void anythingIsReadWithoutHarm(
            @ForAll @Size(max = 80) byte[] random, @ForAll @IntRange(max = 12) int signed) {
        byte[] signature = HexFormat.of().parseHex(SIGNATURE);
        byte[] bytes = random.clone();
        System.arraycopy(signature, 0, bytes, 0, Math.min(signed, bytes.length));
        datagram.wrap(ByteBuffer.wrap(bytes));

        Outcome outcome = header.read(datagram);

        boolean changed = !Arrays.equals(HexFormat.of().parseHex(rest()), bytes);
        assertThat(changed).isEqualTo(outcome == Outcome.CLIENT || outcome == Outcome.PROXY);
    }

    private Outcome read(String behindSignature) {
        String hex = SIGNATURE + behindSignature.replace(" ", "");
        datagram.wrap(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
        return header.read(datagram);
    }

    private String rest() {
        byte[] rest = new byte[datagram.length()];
        datagram.bytes().get(datagram.start(), rest);
        return HexFormat.of().formatHex(rest);
    }
}
