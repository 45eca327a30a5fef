package io.hairpin.server;

import io.hairpin.dtls.DtlsEngine;
import io.hairpin.dtls.DtlsLimits;
import io.hairpin.dtls.SourceLimit;
import io.hairpin.server.admin.ServerMetrics;
import io.hairpin.server.config.BandwidthConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.DataRate;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.config.SourcesConfig;
import io.hairpin.server.core.Bandwidth;
import io.hairpin.server.core.BandwidthLimits;
import io.hairpin.server.core.Cidr;
import io.hairpin.server.core.Refusals;
import io.hairpin.server.core.SharedBandwidth;
import io.hairpin.server.core.SharedLimits;
import io.hairpin.server.core.SourceQuotas;
import io.hairpin.server.core.SourceQuotas.Outcome;
import io.hairpin.server.core.TcpRelaying;
import io.hairpin.server.transport.ConnectionLimit;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// The limits that hold for the clients of all shards together, besides the quotas.
///
/// @param shared those that the cores keep
/// @param connectionsOf bounds connections and DTLS sessions by where they are from
/// @param handshakesOf bounds handshakes of TLS and DTLS by where they are from
/// @param connections bounds the clients that are connected over streams
record LimitsPlan(
        LimitsConfig config,
        SharedLimits shared,
        SourceQuotas connectionsOf,
        SourceQuotas handshakesOf,
        ConnectionLimit connections) {

    static LimitsPlan of(Configuration configuration, LongSupplier clock) {
        LimitsConfig limits = configuration.limits();
        SourcesConfig sources = limits.sources();
        // Proxies speak for many; whom they speak for counts for itself.
        List<Cidr> exempt =
                Stream.concat(
                                sources.exempt().stream(),
                                configuration.proxyProtocol().from().stream())
                        .toList();
        SourceQuotas allocationsOf =
                new SourceQuotas(
                        sources.allocationsPerAddress(), sources.allocationsPerNetwork(), exempt);
        SourceQuotas connectionsOf =
                new SourceQuotas(
                        sources.connectionsPerAddress(), sources.connectionsPerNetwork(), exempt);
        SourceQuotas handshakesOf =
                new SourceQuotas(
                        sources.handshakesPerAddress(), sources.handshakesPerNetwork(), exempt);
        return new LimitsPlan(
                limits,
                new SharedLimits(
                        allocationsOf,
                        new SharedBandwidth(
                                bandwidth(
                                        limits.bandwidth(),
                                        configuration.compatibility().bandwidthAttribute())),
                        new Refusals()),
                connectionsOf,
                handshakesOf,
                new ConnectionLimit(
                        limits.tcpConnections(),
                        limits.tlsHandshakes(),
                        connectionsOf,
                        handshakesOf,
                        clock));
    }

    private static BandwidthLimits bandwidth(BandwidthConfig config, boolean clientsAsk) {
        return new BandwidthLimits(
                bandwidth(config.perAllocation(), config.burst()),
                bandwidth(config.perUser(), config.burst()),
                bandwidth(config.server(), config.burst()),
                clientsAsk);
    }

    private static @Nullable Bandwidth bandwidth(DataRate rate, Duration burst) {
        return rate.isLimited() ? new Bandwidth(rate.bytesPerSecond(), burst) : null;
    }

    DtlsLimits dtls() {
        return new DtlsLimits(
                config.dtlsSessions(),
                config.dtlsHandshakes(),
                config.dtlsHandshakeTimeout(),
                config.dtlsIdleTimeout(),
                sources(connectionsOf),
                sources(handshakesOf));
    }

    private static SourceLimit sources(SourceQuotas quotas) {
        return new SourceLimit() {
            @Override
            public boolean tryAcquire(InetAddress client) {
                return quotas.tryAcquire(client) == Outcome.GRANTED;
            }

            @Override
            public void release(InetAddress client) {
                quotas.release(client);
            }
        };
    }

    /// Shows what is in use of each limit, and how often one was met.
    void register(ServerMetrics metrics, Cores cores) {
        metrics.limit("allocations", config.allocations(), cores.realms().first().quotas()::held);
        metrics.limit("reservations", config.reservations(), cores.reservations()::held);
        TcpRelaying tcp = cores.tcp();
        if (tcp != null) {
            metrics.peerConnections(tcp.connections()::held);
            metrics.limit("peer-connections", config.peerConnections(), tcp.connections()::held);
        }
        metrics.limit("tcp-connections", config.tcpConnections(), connections::held);
        metrics.limit("tls-handshakes", config.tlsHandshakes(), connections::handshakes);
        SourcesConfig sources = config.sources();
        register(
                metrics,
                "allocations",
                shared.sources(),
                sources.allocationsPerAddress(),
                sources.allocationsPerNetwork());
        register(
                metrics,
                "connections",
                connectionsOf,
                sources.connectionsPerAddress(),
                sources.connectionsPerNetwork());
        register(
                metrics,
                "handshakes",
                handshakesOf,
                sources.handshakesPerAddress(),
                sources.handshakesPerNetwork());
        metrics.refusals(shared.refusals());
    }

    /// The same of DTLS, where that is served.
    void register(ServerMetrics metrics, DtlsEngine engine) {
        metrics.limit("dtls-sessions", config.dtlsSessions(), engine::sessions);
        metrics.limit("dtls-handshakes", config.dtlsHandshakes(), engine::handshakes);
    }

    private static void register(
            ServerMetrics metrics,
            String what,
            SourceQuotas quotas,
            int perAddress,
            int perNetwork) {
        metrics.limit("sources." + what + "-per-address", perAddress, quotas::mostOfAddress);
        metrics.limit("sources." + what + "-per-network", perNetwork, quotas::mostOfNetwork);
    }
}
