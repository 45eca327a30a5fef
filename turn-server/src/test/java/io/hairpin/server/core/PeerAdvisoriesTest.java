package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.CHANNEL_NUMBER;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;
import static io.hairpin.stun.ErrorCode.FORBIDDEN;
import static io.hairpin.stun.Method.CHANNEL_BIND;
import static io.hairpin.stun.Method.CONNECT;
import static io.hairpin.stun.Method.CREATE_PERMISSION;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.server.Advisory;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;

/// The ways around their peer policies that other servers had, tried by every request that names a
/// peer, with the address as it stands on the wire.
class PeerAdvisoriesTest {

    private static final String RELAYED_4 = "198.51.100.1:50000";
    private static final String RELAYED_6 = "[2001:db8::1]:50000";
    private static final int PORT = 8080;

    /// As open as a configuration can be that names no ranges.
    private static final List<Cidr> EVERYTHING = List.of(Cidr.of("0.0.0.0/0"), Cidr.of("::/0"));

    /// What somebody allows who has such a network.
    private static final List<Cidr> WRAPPINGS =
            List.of(
                    Cidr.of("2002::/16"),
                    Cidr.of("2001::/32"),
                    Cidr.of("64:ff9b::/96"),
                    Cidr.of("64:ff9b:1::/48"));

    private final TurnScript.Setting setting = TurnScript.setting();

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.53", "127.255.255.254", "::1"})
    @Advisory({"CVE-2018-4058", "CVE-2020-26262"})
    void cve20184058LoopbackIsClosedByDefault(String host) {
        assertClosed(TestAddresses.host(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "0.0.0.1", "0.255.255.255", "::", "::1"})
    @Advisory({"CVE-2020-26262", "processone/stun c6ad54a"})
    void cve202026262TheOtherNamesOfLoopbackAreClosedWhateverIsAllowed(String host) {
        setting.allow = EVERYTHING;

        assertClosed(TestAddresses.host(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/8", "::/128"})
    @Advisory("processone/stun c6ad54a")
    void processoneThisNetworkCannotBeAllowedEvenByName(String range) {
        setting.allow = List.of(Cidr.of(range));

        assertClosed(Cidr.of(range).network());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "0.0.0.0", "10.0.0.1", "169.254.169.254", "255.255.255.255"})
    @Advisory({"CVE-2026-27624", "GHSA-w4hf-cr3w-6h79"})
    void cve202627624WhatIsMappedIntoIpv6IsStillIpv4(String host) {
        setting.allow = EVERYTHING;

        assertClosed(mapped(host));
    }

    @Test
    @Advisory({"CVE-2026-27624", "GHSA-w4hf-cr3w-6h79"})
    void cve202627624AConfiguredDenialHoldsInEitherSpelling() {
        setting.deny = List.of(Cidr.of("8.8.8.8/32"));

        assertClosed(TestAddresses.host("8.8.8.8"));
        assertClosed(mapped("8.8.8.8"));
    }

    @ParameterizedTest
    @CsvSource({
        "::127.0.0.1, compatible with IPv4",
        "::10.0.0.1, compatible with IPv4",
        "2002:7f00:1::, 6to4",
        "2002:a9fe:a9fe::1, 6to4",
        "64:ff9b::7f00:1, NAT64",
        "64:ff9b::a9fe:a9fe, NAT64",
        "64:ff9b:1:7f00:0:100::, NAT64 of one's own",
        "2001:0:808:808:0:0:80ff:fffe, Teredo by its client",
        "2001:0:7f00:1:0:0:f7f7:f7f7, Teredo by its server",
        "::ffff:0:7f00:1, SIIT",
        "2600::5efe:7f00:1, ISATAP"
    })
    @Advisory("coturn#1945")
    void coturn1945WhatIsWrappedIntoIpv6IsJudgedByWhatIsInside(String host) {
        setting.allow = WRAPPINGS;

        assertClosed(TestAddresses.host(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"64:ff9b::808:808", "2002:808:808::1", "2001:0:808:808:0:0:f7f7:f7f7"})
    @Advisory("coturn#1945")
    void coturn1945AnOpenAddressInsideIsOpenWhereTheWrappingIs(String host) {
        setting.allow = WRAPPINGS;

        assertOpen(TestAddresses.host(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "100.64.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "192.168.0.1",
                "198.18.0.1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1"
            })
    @Advisory({"coturn#1947", "livekit#4505"})
    void coturn1947PrivateNetworksAreClosedByDefault(String host) {
        assertClosed(TestAddresses.host(host));
    }

    @Test
    @Advisory("coturn#1946")
    void coturn1946OwnEndpointsAreClosedEvenOnAnAllowedAddress() {
        InetSocketAddress own = TestAddresses.of("10.0.0.5:" + PORT);
        setting.own.endpoints.add(own);
        setting.allow = List.of(Cidr.of("10.0.0.0/8"));
        setting.tcpAllow = setting.allow;
        TurnScript turn = setting.withTcp(new PeerConnections(), 10).start();
        ScriptClient alice = turn.client("alice");
        Allocation allocation = turn.allocated(alice, 1, RELAYED_4);
        ScriptClient bob = turn.tcpClient("bob");
        turn.allocatedTcp(bob, 2, "198.51.100.1:50002");

        assertRefused(turn, alice, request(alice, CHANNEL_BIND, own.getAddress()));
        assertRefused(turn, bob, request(bob, CONNECT, own.getAddress()));
        turn.receives(alice, alice.createPermission("10.0.0.5:1")).ignored();

        assertThat(TestAddresses.refusal(allocation, own, turn.now())).isNotNull();
        assertThat(TestAddresses.refusal(allocation, TestAddresses.of("10.0.0.5:9"), turn.now()))
                .isNull();
    }

    /// A comparison byte by byte lets through whatever has one byte outside the range's.
    @ParameterizedTest
    @CsvSource({
        "2a00:1234:5600::, false",
        "2a00:1234:5600::ff, false",
        "2a00:1234:56ff:ffff:ffff:ffff:ffff:ffff, false",
        "2a00:1234:5680:1:ff:0:ff:0, false",
        "2a00:1234:5700::, true",
        "2a00:1234:55ff:ffff:ffff:ffff:ffff:ffff, true",
        "2a00:1233:5600::, true",
        "2a01:1234:5600::, true"
    })
    @Advisory("coturn 6c13608c")
    void coturn6c13608cARangeOfIpv6IsComparedAsAWhole(String host, boolean open) {
        setting.deny = List.of(Cidr.of("2a00:1234:5600::/40"));

        if (open) {
            assertOpen(TestAddresses.host(host));
        } else {
            assertClosed(TestAddresses.host(host));
        }
    }

    @Test
    @Advisory("pion/turn#570")
    void pion570ConnectionsGoNowhereThatDatagramsMayNot() {
        setting.deny = List.of(Cidr.of("8.8.8.0/24"));
        TurnScript turn = setting.withTcp(new PeerConnections(), 10).start();
        ScriptClient alice = turn.tcpClient("alice");
        turn.allocatedTcp(alice, 1, RELAYED_4);

        for (String peer : List.of("8.8.8.8", "127.0.0.1", "10.0.0.1", "169.254.169.254")) {
            assertRefused(turn, alice, request(alice, CONNECT, TestAddresses.host(peer)));
            assertThat(arrives(turn, peer + ":" + PORT))
                    .singleElement()
                    .isInstanceOf(Effect.Tcp.TurnAway.class);
        }
    }

    @Test
    @Advisory("pion/turn#570")
    void pion570WhatIsAllowedToDatagramsIsNotToConnections() {
        setting.allow = List.of(Cidr.of("10.0.0.0/8"));
        TurnScript turn = setting.withTcp(new PeerConnections(), 10).start();
        ScriptClient alice = turn.tcpClient("alice");
        turn.allocatedTcp(alice, 1, RELAYED_4);

        assertRefused(turn, alice, request(alice, CONNECT, TestAddresses.host("10.0.0.1")));
        assertRefused(
                turn, alice, request(alice, CREATE_PERMISSION, TestAddresses.host("10.0.0.1")));
    }

    @ParameterizedTest
    @CsvSource({"10.1.0.1:1, 10.1.0.2:1", "10.1.0.2:1, 10.1.0.1:1"})
    @Advisory("eturnal is_blacklisted")
    void eturnalAnAllowedAddressExemptsNoOtherOfTheSameRequest(String first, String second) {
        setting.allow = List.of(Cidr.of("10.1.0.1/32"));
        TurnScript turn = setting.start();
        ScriptClient alice = turn.client("alice");
        Allocation allocation = turn.allocated(alice, 1, RELAYED_4);
        StunMessage request = alice.createPermission(first, second);

        turn.receives(alice, request).expect(alice.error(request, FORBIDDEN));

        for (String peer : List.of(first, second)) {
            assertThat(TestAddresses.refusal(allocation, TestAddresses.of(peer), turn.now()))
                    .isEqualTo(DropReason.NO_PERMISSION);
        }
    }

    /// No request opens a way to that host, and nothing may pass to it afterwards.
    private void assertClosed(InetAddress host) {
        setting.tcpAllow = setting.allow;
        TurnScript turn = setting.withTcp(new PeerConnections(), 10).start();
        ScriptClient alice = turn.client("alice");
        Allocation allocation = turn.allocatedBoth(alice, 1, RELAYED_4, RELAYED_6);
        ScriptClient bob = tcp(turn);

        assertRefused(turn, alice, request(alice, CREATE_PERMISSION, host));
        assertRefused(turn, alice, request(alice, CHANNEL_BIND, host));
        assertRefused(turn, bob, request(bob, CREATE_PERMISSION, host));
        assertRefused(turn, bob, request(bob, CONNECT, host));

        InetSocketAddress peer = new InetSocketAddress(host, PORT);
        assertThat(TestAddresses.refusal(allocation, peer, turn.now())).isNotNull();
        assertThat(TestAddresses.channelTo(allocation, peer, turn.now())).isNull();
    }

    private void assertOpen(InetAddress host) {
        TurnScript turn = setting.start();
        ScriptClient alice = turn.client("alice");
        Allocation allocation = turn.allocatedBoth(alice, 1, RELAYED_4, RELAYED_6);

        turn.receives(alice, request(alice, CREATE_PERMISSION, host)).ignored();

        InetSocketAddress peer = new InetSocketAddress(host, PORT);
        assertThat(TestAddresses.refusal(allocation, peer, turn.now())).isNull();
    }

    /// A client with TCP relays of both families.
    private static ScriptClient tcp(TurnScript turn) {
        ScriptClient bob = turn.tcpClient("bob");
        int ipv6 = AddressFamily.IPV6.code();
        turn.receives(bob, bob.allocateTcp(more -> more.with(ADDITIONAL_ADDRESS_FAMILY, ipv6)))
                .ignored();
        turn.relayOpens(2, "198.51.100.1:50002").ignored();
        turn.relayOpens(2, "[2001:db8::1]:50002").ignored();
        return bob;
    }

    private static void assertRefused(TurnScript turn, ScriptClient client, StunMessage request) {
        turn.receives(client, request).expect(client.error(request, FORBIDDEN));
    }

    private static StunMessage request(ScriptClient client, Method method, InetAddress host) {
        InetSocketAddress peer = new InetSocketAddress(host, PORT);
        return client.request(
                method,
                builder -> {
                    if (method == CHANNEL_BIND) {
                        builder.with(CHANNEL_NUMBER, 0x4000);
                    }
                    return builder.with(XOR_PEER_ADDRESS, peer);
                });
    }

    private static List<Effect> arrives(TurnScript turn, String peer) {
        return turn.happens(new Event.Tcp.Arrived(new AllocationId(1), 1, TestAddresses.of(peer)))
                .ignored();
    }

    /// The JDK turns mapped addresses into IPv4 ones by itself, unless it is kept from it.
    private static InetAddress mapped(String ipv4) {
        byte[] bytes =
                ByteBuffer.allocate(16)
                        .putShort(10, (short) -1)
                        .put(12, TestAddresses.host(ipv4).getAddress())
                        .array();
        try {
            return Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }
}
