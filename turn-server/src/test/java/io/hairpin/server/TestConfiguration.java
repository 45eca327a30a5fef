package io.hairpin.server;

import io.hairpin.server.config.AdminConfig;
import io.hairpin.server.config.AuthenticationConfig;
import io.hairpin.server.config.BandwidthConfig;
import io.hairpin.server.config.ByteSize;
import io.hairpin.server.config.CompatibilityConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.DataRate;
import io.hairpin.server.config.Expiry;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.config.ListenerConfig;
import io.hairpin.server.config.ListenerTransport;
import io.hairpin.server.config.LogConfig;
import io.hairpin.server.config.OauthConfig;
import io.hairpin.server.config.PeersConfig;
import io.hairpin.server.config.PortRange;
import io.hairpin.server.config.ProxyProtocolConfig;
import io.hairpin.server.config.RedirectConfig;
import io.hairpin.server.config.RelayAddress;
import io.hairpin.server.config.RelayConfig;
import io.hairpin.server.config.Secret;
import io.hairpin.server.config.SocketsConfig;
import io.hairpin.server.config.TcpPeersConfig;
import io.hairpin.server.config.TlsConfig;
import io.hairpin.server.config.WebhookConfig;
import io.hairpin.server.core.Cidr;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The configuration of a server on loopback with ports of the system's choosing, and one user.
record TestConfiguration(
        List<ListenerConfig> listeners,
        List<RelayAddress> relays,
        PortRange ports,
        int threads,
        List<Cidr> allow,
        LimitsConfig limits,
        InetAddress admin,
        int adminPort) {

    static final String USER = "alice";
    static final String PASSWORD = "correct-horse";

    static final InetAddress LOOPBACK_4 = InetAddress.ofLiteral("127.0.0.1");
    static final InetAddress LOOPBACK_6 = InetAddress.ofLiteral("::1");

    /// UDP and TCP on both loopback addresses, relays on both, peers on loopback allowed.
    static TestConfiguration loopback() {
        return new TestConfiguration(
                List.of(
                        new ListenerConfig(ListenerTransport.UDP, LOOPBACK_4, 0),
                        new ListenerConfig(ListenerTransport.TCP, LOOPBACK_4, 0),
                        new ListenerConfig(ListenerTransport.UDP, LOOPBACK_6, 0),
                        new ListenerConfig(ListenerTransport.TCP, LOOPBACK_6, 0)),
                List.of(
                        new RelayAddress(LOOPBACK_4, LOOPBACK_4),
                        new RelayAddress(LOOPBACK_6, LOOPBACK_6)),
                new PortRange(49152, 65535),
                2,
                List.of(
                        Cidr.parse("127.0.0.0/8").orElseThrow(),
                        Cidr.parse("::1/128").orElseThrow()),
                LimitsConfig.defaults(),
                LOOPBACK_4,
                0);
    }

    static ListenerConfig udp(String address) {
        return new ListenerConfig(ListenerTransport.UDP, InetAddress.ofLiteral(address), 0);
    }

    static ListenerConfig tcp(String address) {
        return new ListenerConfig(ListenerTransport.TCP, InetAddress.ofLiteral(address), 0);
    }

    TestConfiguration listeners(ListenerConfig... listeners) {
        return new TestConfiguration(
                List.of(listeners), relays, ports, threads, allow, limits, admin, adminPort);
    }

    TestConfiguration relays(RelayAddress... relays) {
        return new TestConfiguration(
                listeners, List.of(relays), ports, threads, allow, limits, admin, adminPort);
    }

    TestConfiguration ports(int first, int last) {
        return new TestConfiguration(
                listeners,
                relays,
                new PortRange(first, last),
                threads,
                allow,
                limits,
                admin,
                adminPort);
    }

    TestConfiguration threads(int threads) {
        return new TestConfiguration(
                listeners, relays, ports, threads, allow, limits, admin, adminPort);
    }

    TestConfiguration allowing(String... ranges) {
        List<Cidr> allow =
                Arrays.stream(ranges).map(range -> Cidr.parse(range).orElseThrow()).toList();
        return new TestConfiguration(
                listeners, relays, ports, threads, allow, limits, admin, adminPort);
    }

    /// @param key as under `limits` in a configuration; that of a section within has a dot
    TestConfiguration limit(String key, Object value) {
        return new TestConfiguration(
                listeners,
                relays,
                ports,
                threads,
                allow,
                TestLimits.with(limits, key, value),
                admin,
                adminPort);
    }

    TestConfiguration admin(InetAddress admin, int adminPort) {
        return new TestConfiguration(
                listeners, relays, ports, threads, allow, limits, admin, adminPort);
    }

    /// For tests of how TCP clients are held to their limits.
    TestConfiguration tcpLimits(
            int connections, int writeQueueBytes, Duration idle, Duration firstMessage) {
        return limit("tcp-connections", connections)
                .limit("tcp-write-queue", new ByteSize(writeQueueBytes))
                .limit("tcp-idle-timeout", idle)
                .limit("tcp-first-message-timeout", firstMessage);
    }

    /// The same bandwidth for each allocation, each user and the server; zero for no limit.
    TestConfiguration bandwidth(long bytesPerSecond) {
        DataRate rate = new DataRate(bytesPerSecond);
        return limit("bandwidth", new BandwidthConfig(rate, rate, rate, Duration.ofSeconds(1)));
    }

    /// So much per address, loopback not exempt.
    ///
    /// @param what allocations, connections or handshakes
    TestConfiguration perAddress(String what, int most) {
        TestConfiguration limited = limit("sources.exempt", List.of()).ofSources(what, most);
        // What follows from it where it is not set.
        return what.equals("allocations")
                ? limited.ofSources("moves", Math.max(1, most / 2))
                : limited;
    }

    /// An address may never have more than its network, not even between two of these.
    private TestConfiguration ofSources(String what, int most) {
        return limit("sources." + what + "-per-network", 1_000_000)
                .limit("sources." + what + "-per-address", most)
                .limit("sources." + what + "-per-network", most);
    }

    Configuration build() {
        return build(TlsConfig.defaults(), false);
    }

    /// @param mobility whether clients may move
    Configuration build(TlsConfig tls, boolean mobility) {
        return new Configuration(
                "example.org",
                listeners,
                tls,
                ProxyProtocolConfig.defaults(),
                Optional.empty(),
                new RelayConfig(relays, ports, threads, false, mobility),
                SocketsConfig.defaults(),
                new AuthenticationConfig(
                        Map.of(USER, new Secret(PASSWORD)),
                        List.of(),
                        Expiry.ALLOCATE,
                        Duration.ofMinutes(10),
                        OauthConfig.defaults(),
                        WebhookConfig.defaults()),
                new PeersConfig(allow, List.of(), TcpPeersConfig.defaults()),
                limits,
                Optional.empty(),
                RedirectConfig.defaults(),
                List.of(),
                CompatibilityConfig.defaults(),
                new AdminConfig(admin, adminPort),
                LogConfig.defaults());
    }
}
