package io.hairpin.server.core;

import static io.hairpin.server.core.PeerPolicy.Reach.ALL;
import static io.hairpin.server.core.PeerPolicy.Reach.NOTHING;
import static io.hairpin.server.core.PeerPolicy.Reach.OPEN_RELAYS;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.core.PeerPolicy.Reach;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// However an IPv4 address is wrapped into IPv6, the policy decides by the address inside.
class PeerPolicyEncodingTest {

    /// Allows what wraps, so that nothing but the address inside is left to decide.
    private static final List<String> WRAPPINGS =
            List.of("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48");

    private final FakeOwnAddresses own = new FakeOwnAddresses();

    PeerPolicyEncodingTest() {
        own.relayAddresses.add(TestAddresses.host("10.0.0.5"));
        own.endpoints.add(TestAddresses.of("9.9.9.9:3478"));
    }

    @Property
    void mappedAndCompatibleSpellingsAreTheAddress(
            @ForAll("ipv4") InetAddress address, @ForAll("rules") Rules rules) {
        PeerPolicy policy = rules.policy(own, List.of());
        Reach plain = policy.permission(address).reach();

        assertThat(policy.permission(mapped(address)).reach()).isEqualTo(plain);
        if (!isCompatibleUnspecifiedOrLoopback(address)) { // those are ::0 and ::1
            assertThat(policy.permission(compatible(address)).reach()).isEqualTo(plain);
        }
        assertThat(EmbeddedIpv4.canonical(mapped(address))).isEqualTo(address);
    }

    @Property
    void aWrappedAddressIsOpenIfAndOnlyIfThePlainOneIsWholly(
            @ForAll("ipv4") InetAddress address, @ForAll("rules") Rules rules) {
        PeerPolicy policy = rules.policy(own, WRAPPINGS);
        Reach expected = policy.permission(address).reach() == ALL ? ALL : NOTHING;

        assertThat(policy.permission(nat64(address)).reach()).as("NAT64").isEqualTo(expected);
        assertThat(policy.permission(localNat64(address)).reach())
                .as("local NAT64")
                .isEqualTo(expected);
        assertThat(policy.permission(sixToFour(address)).reach()).as("6to4").isEqualTo(expected);
        assertThat(policy.permission(siit(address)).reach()).as("SIIT").isEqualTo(expected);
        assertThat(policy.permission(isatap(0x00, address)).reach())
                .as("ISATAP, private")
                .isEqualTo(expected);
        assertThat(policy.permission(isatap(0x02, address)).reach())
                .as("ISATAP, unique")
                .isEqualTo(expected);
        assertThat(policy.permission(teredo(address, address)).reach())
                .as("Teredo")
                .isEqualTo(expected);
    }

    @Property
    void bothServerAndClientOfATeredoAddressHaveToBeOpen(
            @ForAll("ipv4") InetAddress server,
            @ForAll("ipv4") InetAddress client,
            @ForAll("rules") Rules rules) {
        PeerPolicy policy = rules.policy(own, WRAPPINGS);
        boolean open =
                policy.permission(server).reach() == ALL
                        && policy.permission(client).reach() == ALL;

        assertThat(policy.permission(teredo(server, client)).reach())
                .isEqualTo(open ? ALL : NOTHING);
    }

    @Property
    @Rfc("8656 §21.4")
    void withoutARuleForTheWrappingTunnelsAreClosedAndNat64IsOpen(
            @ForAll("ipv4") InetAddress address) {
        PeerPolicy policy = new PeerPolicy(List.of(), List.of(), own);

        assertThat(policy.permission(sixToFour(address)).reach()).isEqualTo(NOTHING);
        assertThat(policy.permission(teredo(address, address)).reach()).isEqualTo(NOTHING);
        assertThat(policy.permission(localNat64(address)).reach()).isEqualTo(NOTHING);
        assertThat(policy.permission(nat64(address)).reach())
                .isEqualTo(policy.permission(address).reach() == ALL ? ALL : NOTHING);
    }

    @Property
    void aDenialOfTheWrappingStands(@ForAll("ipv4") InetAddress address) {
        PeerPolicy policy = new PeerPolicy(List.of(), List.of(Cidr.of("64:ff9b::/96")), own);

        assertThat(policy.permission(nat64(address)).reach()).isEqualTo(NOTHING);
    }

    @Property
    void aDecisionIsThatOfTheLongestMatchingRule(
            @ForAll("ipv4") InetAddress address, @ForAll("rules") Rules rules) {
        Reach reach = rules.policy(own, List.of()).permission(address).reach();
        boolean never =
                SpecialPurposeRanges.NEVER.stream()
                        .anyMatch(rule -> rule.range().contains(address));
        int allowed = longest(rules.allow(), address);
        int denied = longest(rules.deny(), address);
        int builtIn =
                longest(
                        SpecialPurposeRanges.DENIED.stream().map(PeerPolicy.Rule::range).toList(),
                        address);

        boolean open = !never && (allowed > denied ? allowed >= builtIn : denied + builtIn == -2);

        assertThat(reach != NOTHING && reach != OPEN_RELAYS).isEqualTo(open);
    }

    private static int longest(List<Cidr> ranges, InetAddress address) {
        return ranges.stream()
                .filter(range -> range.contains(address))
                .mapToInt(Cidr::prefixLength)
                .max()
                .orElse(-1);
    }

    /// Rules as an operator could write them.
    record Rules(List<Cidr> allow, List<Cidr> deny) {

        PeerPolicy policy(OwnAddresses own, List<String> alsoAllowed) {
            List<Cidr> allAllowed = new ArrayList<>(allow);
            alsoAllowed.stream().map(Cidr::of).forEach(allAllowed::add);
            return new PeerPolicy(allAllowed, deny, own);
        }
    }

    @Provide
    static Arbitrary<Rules> rules() {
        Arbitrary<List<Cidr>> ranges = range().list().ofMaxSize(4);
        return ranges.flatMap(allow -> ranges.map(deny -> new Rules(allow, deny)))
                .withoutEdgeCases();
    }

    private static Arbitrary<Cidr> range() {
        return ipv4().flatMap(
                        address ->
                                Arbitraries.integers()
                                        .between(0, 32)
                                        .map(length -> masked(address, length)));
    }

    private static Cidr masked(InetAddress address, int length) {
        int mask = length == 0 ? 0 : -1 << (32 - length);
        int network = ByteBuffer.wrap(address.getAddress()).getInt() & mask;
        return new Cidr(Cidr.address(ByteBuffer.allocate(4).putInt(network).array()), length);
    }

    /// Any address, and those close to where a rule begins or ends more often than chance would.
    @Provide
    static Arbitrary<InetAddress> ipv4() {
        Arbitrary<Integer> anywhere = Arbitraries.integers();
        Arbitrary<Integer> edges =
                Arbitraries.of(
                                "10.0.0.5",
                                "9.9.9.9",
                                "127.0.0.1",
                                "169.254.169.254",
                                "10.255.255.255",
                                "100.64.0.0",
                                "172.31.255.255",
                                "192.168.0.0",
                                "224.0.0.0",
                                "0.0.0.0",
                                "8.8.8.8",
                                "255.255.255.255")
                        .flatMap(
                                host ->
                                        Arbitraries.integers()
                                                .between(-2, 2)
                                                .map(step -> number(host) + step));
        return Arbitraries.oneOf(anywhere, edges)
                .map(value -> Cidr.address(ByteBuffer.allocate(4).putInt(value).array()));
    }

    private static int number(String host) {
        return ByteBuffer.wrap(TestAddresses.host(host).getAddress()).getInt();
    }

    private static boolean isCompatibleUnspecifiedOrLoopback(InetAddress address) {
        int value = ByteBuffer.wrap(address.getAddress()).getInt();
        return value == 0 || value == 1;
    }

    /// The JDK turns mapped addresses into IPv4 ones by itself, unless it is kept from it.
    private static InetAddress mapped(InetAddress ipv4) {
        byte[] bytes = ByteBuffer.allocate(16).putShort(10, (short) -1).array();
        System.arraycopy(ipv4.getAddress(), 0, bytes, 12, 4);
        try {
            return Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }

    private static InetAddress compatible(InetAddress ipv4) {
        return wrapped(new byte[12], ipv4.getAddress());
    }

    private static InetAddress nat64(InetAddress ipv4) {
        return wrapped(prefix("64:ff9b::", 12), ipv4.getAddress());
    }

    private static InetAddress localNat64(InetAddress ipv4) {
        byte[] a = ipv4.getAddress();
        return wrapped(prefix("64:ff9b:1::", 6), new byte[] {a[0], a[1], 0, a[2], a[3]});
    }

    private static InetAddress siit(InetAddress ipv4) {
        return wrapped(prefix("::ffff:0:0:0", 12), ipv4.getAddress());
    }

    private static InetAddress isatap(int unique, InetAddress ipv4) {
        byte[] head = prefix("2600::", 12);
        head[8] = (byte) unique;
        head[10] = 0x5E;
        head[11] = (byte) 0xFE;
        return wrapped(head, ipv4.getAddress());
    }

    private static InetAddress sixToFour(InetAddress ipv4) {
        return wrapped(prefix("2002::", 2), ipv4.getAddress());
    }

    private static InetAddress teredo(InetAddress server, InetAddress client) {
        byte[] tail = new byte[12];
        System.arraycopy(server.getAddress(), 0, tail, 0, 4);
        for (int i = 0; i < 4; i++) {
            tail[8 + i] = (byte) ~client.getAddress()[i];
        }
        return wrapped(prefix("2001::", 4), tail);
    }

    private static byte[] prefix(String address, int length) {
        return Arrays.copyOf(TestAddresses.host(address).getAddress(), length);
    }

    private static InetAddress wrapped(byte[] head, byte[] tail) {
        return Cidr.address(ByteBuffer.allocate(16).put(head).put(tail).array());
    }
}
