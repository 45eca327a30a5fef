package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.config.ListenerConfig;
import io.hairpin.server.config.Secret;
import io.hairpin.server.core.Cidr;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.SocketException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

class TryOutTest {

    private static final List<InetAddress> LAPTOP =
            addresses("127.0.0.1", "::1", "192.168.1.5", "2001:db8::5", "172.17.0.1");

    @Test
    void onlyThisMachineCanBeRelayedTo() {
        TryOut tryOut = TryOut.of(LAPTOP, new SplittableRandom(1));

        assertThat(tryOut.configuration().peers().deny())
                .containsExactly(range("0.0.0.0/0"), range("::/0"));
        assertThat(tryOut.configuration().peers().allow())
                .containsExactly(
                        range("127.0.0.0/8"),
                        range("::1/128"),
                        range("192.168.1.5/32"),
                        range("2001:db8::5/128"),
                        range("172.17.0.1/32"));
    }

    @Test
    void itRelaysOnTheFirstOutwardAddressOfEachFamily() {
        TryOut tryOut = TryOut.of(LAPTOP, new SplittableRandom(1));

        assertThat(tryOut.configuration().relay().addresses())
                .extracting(address -> address.bind().getHostAddress())
                .containsExactly("192.168.1.5", "2001:db8:0:0:0:0:0:5");
        assertThat(tryOut.host()).isEqualTo("192.168.1.5");
    }

    @Test
    void aMachineThatIsOnNoNetworkIsServedOnLoopback() {
        TryOut tryOut = TryOut.of(addresses("127.0.0.1"), new SplittableRandom(1));

        assertThat(tryOut.configuration().relay().addresses())
                .extracting(address -> address.bind().getHostAddress())
                .containsExactly("127.0.0.1");
        assertThat(tryOut.host()).isEqualTo("127.0.0.1");
        assertThat(tryOut.configuration().listeners())
                .extracting(ListenerConfig::toString)
                .containsExactly(
                        "udp 0.0.0.0:3478",
                        "tcp 0.0.0.0:3478",
                        "tls 0.0.0.0:5349",
                        "dtls 0.0.0.0:5349");
    }

    @Test
    void credentialsAreMadeUpAnewEachTime() {
        SplittableRandom random = new SplittableRandom(1);
        TryOut first = TryOut.of(LAPTOP, random);
        TryOut second = TryOut.of(LAPTOP, random);

        assertThat(Stream.of(first, second).flatMap(TryOutTest::secrets))
                .doesNotHaveDuplicates()
                .allMatch(secret -> secret.matches("[A-Za-z0-9_-]{24}"));
    }

    @Test
    void itPrintsWhatABrowserNeeds() {
        TryOut tryOut = TryOut.of(LAPTOP, new SplittableRandom(1));

        assertThat(tryOut.toText())
                .contains("This is a try-out")
                .containsPattern("user           guest-[0-9a-f]{6}\n")
                .contains("password       " + tryOut.password().reveal())
                .contains("\"stun:192.168.1.5:3478\"")
                .contains("\"turn:192.168.1.5:3478?transport=udp\"")
                .contains("\"turns:192.168.1.5:5349?transport=tcp\"")
                .contains("a certificate that is\nmade up too")
                .contains("\"credential\" : \"" + tryOut.password().reveal() + "\"");
        assertThat(tryOut.toString()).doesNotContain(tryOut.password().reveal());
    }

    @Test
    void thisMachineHasLoopback() throws SocketException {
        assertThat(TryOut.addressesOfThisMachine())
                .anyMatch(InetAddress::isLoopbackAddress)
                .noneMatch(InetAddress::isLinkLocalAddress)
                .noneMatch(address -> address.getHostAddress().contains("%"));
    }

    private static Stream<String> secrets(TryOut tryOut) {
        return Stream.concat(
                        Stream.of(tryOut.password()),
                        tryOut.configuration().authentication().sharedSecrets().stream())
                .map(Secret::reveal);
    }

    private static List<InetAddress> addresses(String... addresses) {
        return Stream.of(addresses).map(InetAddress::ofLiteral).toList();
    }

    private static Cidr range(String text) {
        return Cidr.parse(text).orElseThrow();
    }
}
