package io.hairpin.server;

import io.hairpin.server.auth.AccessTokens;
import io.hairpin.server.auth.Authenticator;
import io.hairpin.server.auth.CredentialSource;
import io.hairpin.server.auth.GcmTicketSeal;
import io.hairpin.server.auth.Nonces;
import io.hairpin.server.auth.SharedSecrets;
import io.hairpin.server.auth.StaticUsers;
import io.hairpin.server.auth.TicketSeal;
import io.hairpin.server.auth.TokenAlgorithm;
import io.hairpin.server.auth.TokenKey;
import io.hairpin.server.config.AuthenticationConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.config.OauthConfig;
import io.hairpin.server.config.PeersConfig;
import io.hairpin.server.config.Secret;
import io.hairpin.server.core.BindingPolicy;
import io.hairpin.server.core.Extensions;
import io.hairpin.server.core.Mobility;
import io.hairpin.server.core.OwnAddresses;
import io.hairpin.server.core.PeerConnections;
import io.hairpin.server.core.PeerPolicy;
import io.hairpin.server.core.Quotas;
import io.hairpin.server.core.Redirection;
import io.hairpin.server.core.Reservations;
import io.hairpin.server.core.SharedLimits;
import io.hairpin.server.core.TcpRelaying;
import io.hairpin.server.core.TurnCore;
import io.hairpin.server.core.TurnPolicy;
import io.hairpin.stun.AddressFamily;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Makes the cores of the shards, with what they share.
record Cores(
        TurnPolicy policy,
        PeerPolicy peers,
        @Nullable TcpRelaying tcp,
        Authenticator authenticator,
        Quotas quotas,
        Reservations reservations,
        BindingPolicy bindings,
        SecureRandom random,
        @Nullable TicketSeal seal,
        int movesPerMinute,
        Redirection redirection,
        SharedLimits limits) {

    /// How long a reserved port waits for whoever reserved it (RFC 8656 §7.2 has at least 30
    /// seconds).
    private static final Duration RESERVATION_LIFETIME = Duration.ofSeconds(30);

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
                policy(configuration, families, dontFragment),
                new PeerPolicy(configuration.peers().allow(), configuration.peers().deny(), own),
                configuration.relay().tcp() ? tcp(configuration, ownForTcp) : null,
                authenticator(configuration.realm(), configuration.authentication(), random),
                new Quotas(limits.allocations(), limits.allocationsPerUser()),
                new Reservations(limits.reservations()),
                bindings(configuration, random),
                random,
                configuration.relay().mobility() ? new GcmTicketSeal(random) : null,
                limits.movesPerMinute(),
                RedirectPlan.of(configuration),
                shared);
    }

    /// The core of the shard with that number.
    TurnCore create(int shard) {
        Mobility mobility = seal == null ? null : new Mobility(shard, seal, movesPerMinute);
        return new TurnCore(
                policy,
                peers,
                authenticator,
                quotas,
                reservations,
                random,
                new Extensions(tcp, bindings, mobility, redirection, limits));
    }

    private static BindingPolicy bindings(Configuration configuration, SecureRandom random) {
        return new BindingPolicy(
                configuration.compatibility().rfc3489(),
                DiscoveryPlan.of(configuration)
                        .map(plan -> plan.discovery(configuration.listeners(), random.nextLong()))
                        .orElse(null));
    }

    private static TcpRelaying tcp(Configuration configuration, OwnAddresses own) {
        PeersConfig peers = configuration.peers();
        LimitsConfig limits = configuration.limits();
        return new TcpRelaying(
                PeerPolicy.forTcp(peers.tcp().allow(), peers.tcp().deny(), peers.deny(), own),
                peers.tcp()::opens,
                limits.peerConnectionsPerAllocation(),
                BIND_TIMEOUT,
                new PeerConnections(limits.peerConnections()));
    }

    private static TurnPolicy policy(
            Configuration configuration, Set<AddressFamily> families, boolean dontFragment) {
        LimitsConfig limits = configuration.limits();
        return new TurnPolicy(
                families,
                limits.defaultLifetime(),
                limits.maxLifetime(),
                limits.permissionLifetime(),
                limits.channelLifetime(),
                RESERVATION_LIFETIME,
                limits.permissionsPerAllocation(),
                limits.channelsPerAllocation(),
                configuration.compatibility().rfc5766Channels()
                        ? TurnPolicy.LAST_RFC5766_CHANNEL
                        : TurnPolicy.LAST_CHANNEL,
                dontFragment);
    }

    private static Authenticator authenticator(
            String realm, AuthenticationConfig authentication, SecureRandom random) {
        InstantSource clock = InstantSource.system();
        byte[] nonceKey = new byte[2 * Nonces.MIN_KEY_BYTES];
        random.nextBytes(nonceKey);
        try {
            List<CredentialSource> sources = new ArrayList<>();
            if (!authentication.users().isEmpty()) {
                sources.add(new StaticUsers(realm, revealed(authentication.users())));
            }
            if (!authentication.sharedSecrets().isEmpty()) {
                List<String> secrets =
                        authentication.sharedSecrets().stream().map(Secret::reveal).toList();
                sources.add(new SharedSecrets(realm, secrets, clock));
            }
            return new Authenticator(
                    realm,
                    sources,
                    new Nonces(nonceKey, authentication.staleNonce(), clock),
                    authentication.oauth().isOn()
                            ? accessTokens(realm, authentication.oauth(), clock)
                            : null);
        } catch (IllegalArgumentException e) {
            throw new StartupException("authentication: " + e.getMessage());
        }
    }

    private static AccessTokens accessTokens(String realm, OauthConfig oauth, InstantSource clock) {
        List<TokenKey> keys =
                oauth.keys().stream()
                        .map(
                                key ->
                                        new TokenKey(
                                                key.id(),
                                                TokenAlgorithm.valueOf(key.algorithm().name()),
                                                key.bytes()))
                        .toList();
        return new AccessTokens(realm, oauth.serverName().orElseThrow(), keys, clock);
    }

    private static Map<String, String> revealed(Map<String, Secret> users) {
        return users.entrySet().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, entry -> entry.getValue().reveal()));
    }
}
