package io.hairpin.server;

import io.hairpin.server.auth.GcmTicketSeal;
import io.hairpin.server.auth.TicketSeal;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.core.Answers;
import io.hairpin.server.core.BindingPolicy;
import io.hairpin.server.core.Extensions;
import io.hairpin.server.core.Mobility;
import io.hairpin.server.core.OwnAddresses;
import io.hairpin.server.core.PeerConnections;
import io.hairpin.server.core.Realms;
import io.hairpin.server.core.Redirection;
import io.hairpin.server.core.Reservations;
import io.hairpin.server.core.SharedLimits;
import io.hairpin.server.core.Strangers;
import io.hairpin.server.core.TcpRelaying;
import io.hairpin.server.core.TurnCore;
import io.hairpin.stun.AddressFamily;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;

/// Makes the cores of the shards, with what they share.
record Cores(
        Realms realms,
        @Nullable TcpRelaying tcp,
        Reservations reservations,
        BindingPolicy bindings,
        SecureRandom random,
        @Nullable TicketSeal seal,
        int movesPerMinute,
        Redirection redirection,
        Answers answers,
        SharedLimits limits) {

    /// How long a connection with a peer waits for its client (RFC 6062 §5.2).
    private static final Duration BIND_TIMEOUT = Duration.ofSeconds(30);

    /// @param families those that relays can be opened in
    /// @param dontFragment whether relays can send datagrams that nobody may fragment
    /// @param ownForTcp as `own`, with the relays of TCP alone
    /// @param shared what bounds the clients of all cores together
    static Cores of(
            Configuration configuration,
            Set<AddressFamily> families,
            boolean dontFragment,
            OwnAddresses own,
            OwnAddresses ownForTcp,
            SharedLimits shared,
            SecureRandom random) {
        LimitsConfig limits = configuration.limits();
        return new Cores(
                new RealmPlan(configuration, families, dontFragment, own, ownForTcp).realms(random),
                configuration.relay().tcp() ? tcp(limits) : null,
                new Reservations(),
                bindings(configuration, random),
                random,
                configuration.relay().mobility() ? new GcmTicketSeal(random) : null,
                limits.movesPerMinute(),
                RedirectPlan.of(configuration),
                answers(configuration, random),
                shared);
    }

    /// The core of the shard with that number.
    TurnCore create(int shard) {
        Mobility mobility = seal == null ? null : new Mobility(shard, seal, movesPerMinute);
        return new TurnCore(
                realms,
                reservations,
                random,
                new Extensions(tcp, bindings, mobility, redirection, answers, limits));
    }

    private static Answers answers(Configuration configuration, SecureRandom random) {
        LimitsConfig limits = configuration.limits();
        return new Answers(
                new Strangers(
                        limits.unauthenticatedPerSource(),
                        limits.unauthenticatedPerNetwork(),
                        limits.unauthenticatedInAll(),
                        random.nextLong()),
                configuration.compatibility().reasonPhrases());
    }

    private static BindingPolicy bindings(Configuration configuration, SecureRandom random) {
        return new BindingPolicy(
                configuration.compatibility().rfc3489(),
                DiscoveryPlan.of(configuration)
                        .map(plan -> plan.discovery(configuration.listeners(), random.nextLong()))
                        .orElse(null));
    }

    private static TcpRelaying tcp(LimitsConfig limits) {
        return new TcpRelaying(
                limits.peerConnectionsPerAllocation(), BIND_TIMEOUT, new PeerConnections());
    }
}
