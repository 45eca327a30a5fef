package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.Allocation;
import io.hairpin.client.TurnClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// coturn's client reserves the port beside the one it is given, and with `-T` has its sessions
/// connect to each other's relays. Without its second port a session has one peer at two ports, so
/// one permission and two channels. A user who may hold just what that takes is served, and one who
/// holds it already is refused; afterwards nothing of it counts.
class UclientLimitsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    /// A connection from one session, and the same one to another.
    private static final String CONNECTIONS = "2";

    private static final String REALM = "another.example";
    private static final String CAROL = "carol@" + REALM;
    private static final String NARROW_REALM = "narrow.example";
    private static final String DORA = "dora@" + NARROW_REALM;

    /// 64 kbit/s, and at once as much as the largest datagram.
    private static final long BYTES_PER_SECOND = 8000;

    private static final long BURST_BYTES = 0xFFFF;

    private static ServerUnderTest server;
    private static EchoPeer peer;
    private static Uclient uclient;

    @BeforeAll
    static void startServerAndPeer(@TempDir Path folder) {
        Tool.UCLIENT.path();
        peer = EchoPeer.start();
        server =
                ServerUnderTest.start(
                        folder,
                        Map.of(
                                "relay.tcp",
                                "true",
                                "peers.tcp.allow",
                                "127.0.0.0/8",
                                "limits.reservations-per-user",
                                "1",
                                "limits.peer-connections-per-user",
                                CONNECTIONS,
                                "realms",
                                """
                                [ { name: %s, by-name: true,
                                    authentication: { users: { "%s": tulip } },
                                    peers: { allow: [ 127.0.0.0/8 ] },
                                    limits: { reservations: 1,
                                              bandwidth: { realm: 64kbit/s } } },
                                  { name: %s, by-name: true,
                                    authentication: { users: { "%s": dahlia } },
                                    peers: { allow: [ 127.0.0.0/8 ] },
                                    limits: { permissions: 1, channels-per-user: 2 } } ]
                                """
                                        .formatted(REALM, CAROL, NARROW_REALM, DORA)));
        uclient = Uclient.of(server, peer);
    }

    /// Reserved ports last for half a minute when nobody claims them; that is waited for once.
    @AfterAll
    static void nothingIsHeldAndServerAndPeerStop() {
        if (server != null) {
            try (ServerUnderTest stopping = server) {
                awaitNone("hairpin_limit_used", "reservations");
                awaitNone("hairpin_limit_used", "reservations-per-user");
                awaitNone("hairpin_limit_used", "peer-connections");
                awaitNone("hairpin_limit_used", "peer-connections-per-user");
                awaitNone("hairpin_realm_limit_used", "reservations");
                stopping.assertUnharmed();
            }
        }
        if (peer != null) {
            peer.close();
        }
    }

    @AfterEach
    void theServerIsUnharmed() {
        server.assertUnharmed();
    }

    @Test
    void whileAnotherOfTheUsersPortsIsReservedThereIsNoCapacity() {
        double refused = refused("reservations-per-user");
        try (TurnClient holder = holder();
                TurnClient heir = holder()) {
            Allocation allocated = holder.allocate(AllocateOptions.udp().evenPortReservingNext());

            Program.Finished run = uclient.run("-m", "2");

            assertThat(run.output()).contains("error 508");
            assertThat(refused("reservations-per-user")).isGreaterThan(refused);
            heir.allocate(
                    AllocateOptions.udp()
                            .reservationToken(allocated.reservationToken().orElseThrow()));
            uclient.losesNothing(2, "-m", "2");
        }
    }

    @Test
    void twoConnectionsAreEnoughForSessionsThatConnectToEachOther() {
        double refused = refused("peer-connections-per-user");

        Program.Finished run = uclient.run("-t", "-T", "-z", "50");

        assertThat(Uclient.Totals.of(run).sent())
                .as("output:\n%s", run.output())
                .isEqualTo(2 * Uclient.MESSAGES);
        assertThat(Uclient.Totals.of(run).received()).isPositive();
        assertThat(refused("peer-connections-per-user")).isEqualTo(refused);
    }

    @Test
    void aRealmHasItsOwnReservationsAndItsOwnBandwidth() {
        Uclient carol = uclient.as("-u", CAROL, "-w", "tulip");
        double dropped = dropped();
        double relayed = server.metric("hairpin_relayed_bytes_total");
        long start = System.nanoTime();

        Program.Finished run = carol.run("-m", "2", "-n", "300", "-l", "1000");

        double seconds = (System.nanoTime() - start) / 1e9;
        Uclient.Totals totals = Uclient.Totals.of(run);
        assertThat((double) totals.sent() - totals.received())
                .as("output:\n%s", run.output())
                .isPositive()
                .isEqualTo(dropped() - dropped);
        assertThat(server.metric("hairpin_relayed_bytes_total") - relayed)
                .isLessThanOrEqualTo(BURST_BYTES + BYTES_PER_SECOND * seconds);
        assertThat(refused("realms.limits.reservations")).isZero();
    }

    @Test
    void oneSessionHasAllPermissionsAndChannelsThatThereAreAndGivesThemBack() {
        Uclient dora = uclient.as("-u", DORA, "-w", "dahlia");
        double noChannel = refused("channels-per-user");
        double noPermission = refused("realms.limits.permissions");

        dora.losesNothing(1, "-t", "-c");
        assertThat(refused("channels-per-user")).isEqualTo(noChannel);

        awaitNoneOfRealm();
        assertThat(dora.run("-t", "-c", "-m", "2").output()).contains("channel bind: error 508");
        assertThat(refused("channels-per-user")).isGreaterThan(noChannel);

        awaitNoneOfRealm();
        assertThat(refused("realms.limits.permissions")).isEqualTo(noPermission);
        assertThat(dora.run("-t", "-c", "-s", "-m", "2").output())
                .contains("create permission error 508");
        assertThat(refused("realms.limits.permissions")).isGreaterThan(noPermission);

        awaitNoneOfRealm();
    }

    private static void awaitNoneOfRealm() {
        String its = "realm=\"" + NARROW_REALM + "\"";
        awaitNone("hairpin_realm_limit_used", "permissions", its);
        awaitNone("hairpin_realm_limit_used", "channels", its);
    }

    private static double dropped() {
        return server.metric("hairpin_dropped_packets_total", "reason=\"realm_bandwidth\"");
    }

    private static TurnClient holder() {
        InetSocketAddress address =
                new InetSocketAddress(
                        InetAddress.ofLiteral("127.0.0.1"), server.port("udp", "127.0.0.1"));
        return TurnClient.udp(address).with(ServerUnderTest.USER, ServerUnderTest.PASSWORD);
    }

    private static double refused(String limit) {
        return server.metric("hairpin_limit_refusals_total", "limit=\"" + limit + "\"");
    }

    private static void awaitNone(String metric, String limit) {
        awaitNone(metric, limit, "");
    }

    private static void awaitNone(String metric, String limit, String label) {
        long start = System.nanoTime();
        while (server.metric(metric, "limit=\"" + limit + "\"", label) > 0) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as(limit).isLessThan(DEADLINE);
            LockSupport.parkNanos(POLL.toNanos());
        }
    }
}
