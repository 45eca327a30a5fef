package io.hairpin.server;

import io.hairpin.dtls.DtlsEngine;
import io.hairpin.dtls.DtlsLimits;
import io.hairpin.dtls.SourceLimit;
import io.hairpin.server.admin.ServerMetrics;
import io.hairpin.server.config.BandwidthConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.DataRate;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.config.RealmConfig;
import io.hairpin.server.config.SourcesConfig;
import io.hairpin.server.core.Bandwidth;
import io.hairpin.server.core.BandwidthLimits;
import io.hairpin.server.core.ByResource;
import io.hairpin.server.core.Cidr;
import io.hairpin.server.core.Quotas;
import io.hairpin.server.core.Realm;
import io.hairpin.server.core.Realms;
import io.hairpin.server.core.Refusals;
import io.hairpin.server.core.Resource;
import io.hairpin.server.core.SharedBandwidth;
import io.hairpin.server.core.SharedLimits;
import io.hairpin.server.core.SourceQuotas;
import io.hairpin.server.core.SourceQuotas.Outcome;
import io.hairpin.server.transport.ConnectionLimit;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        ByResource<SourceQuotas> holdingsOf =
                ByResource.of(each -> HoldingPlan.quotas(each, sources, exempt));
        SourceQuotas connectionsOf =
                new SourceQuotas(
                        sources.connectionsPerAddress(), sources.connectionsPerNetwork(), exempt);
        SourceQuotas handshakesOf =
                new SourceQuotas(
                        sources.handshakesPerAddress(), sources.handshakesPerNetwork(), exempt);
        return new LimitsPlan(
                limits,
                new SharedLimits(
                        holdingsOf, new SharedBandwidth(bandwidth(configuration)), new Refusals()),
                connectionsOf,
                handshakesOf,
                new ConnectionLimit(
                        limits.tcpConnections(),
                        limits.tlsHandshakes(),
                        connectionsOf,
                        handshakesOf,
                        clock));
    }

    private static BandwidthLimits bandwidth(Configuration configuration) {
        BandwidthConfig config = configuration.limits().bandwidth();
        Map<String, Bandwidth> realms = new HashMap<>();
        for (RealmConfig realm : configuration.realms()) {
            Bandwidth its = bandwidth(realm.limits().bandwidth().realm(), config.burst());
            if (its != null) {
                realms.put(realm.name(), its);
            }
        }
        return new BandwidthLimits(
                bandwidth(config.perAllocation(), config.burst()),
                bandwidth(config.perUser(), config.burst()),
                bandwidth(config.server(), config.burst()),
                realms,
                configuration.compatibility().bandwidthAttribute());
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
    ///
    /// @param resources those that there are
    void register(ServerMetrics metrics, Realms realms, List<Resource> resources) {
        for (Resource resource : resources) {
            register(metrics, resource, realms.first().quotas().of(resource));
            for (Realm realm : realms.others()) {
                register(metrics, realm.name(), resource, realm.quotas().of(resource));
            }
            register(metrics, resource.key(), shared.sources().of(resource));
        }
        metrics.limit("tcp-connections", config.tcpConnections(), connections::held);
        metrics.limit("tls-handshakes", config.tlsHandshakes(), connections::handshakes);
        register(metrics, "connections", connectionsOf);
        register(metrics, "handshakes", handshakesOf);
        metrics.refusals(shared.refusals());
    }

    /// The same of DTLS, where that is served.
    void register(ServerMetrics metrics, DtlsEngine engine) {
        metrics.limit("dtls-sessions", config.dtlsSessions(), engine::sessions);
        metrics.limit("dtls-handshakes", config.dtlsHandshakes(), engine::handshakes);
    }

    private static void register(ServerMetrics metrics, Resource resource, Quotas quotas) {
        String what = resource.key();
        metrics.limit(what, quotas.limit(), quotas::held);
        if (resource.countsUsers()) {
            metrics.limit(what + "-per-user", quotas.userLimit(), quotas::mostOfUser);
        }
    }

    private static void register(
            ServerMetrics metrics, String realm, Resource resource, Quotas quotas) {
        String what = resource.key();
        metrics.limit(realm, what, quotas.limit(), quotas::held);
        if (resource.countsUsers()) {
            metrics.limit(realm, what + "-per-user", quotas.userLimit(), quotas::mostOfUser);
        }
    }

    private static void register(ServerMetrics metrics, String what, SourceQuotas quotas) {
        String key = "sources." + what;
        metrics.limit(key + "-per-address", quotas.addressLimit(), quotas::mostOfAddress);
        metrics.limit(key + "-per-network", quotas.networkLimit(), quotas::mostOfNetwork);
    }
}
