package io.hairpin.server;

import io.hairpin.server.auth.Authenticator;
import io.hairpin.server.auth.CredentialSource;
import io.hairpin.server.auth.GcmTicketSeal;
import io.hairpin.server.auth.Nonces;
import io.hairpin.server.auth.SharedSecrets;
import io.hairpin.server.auth.StaticUsers;
import io.hairpin.server.auth.TicketSeal;
import io.hairpin.server.config.AuthenticationConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.config.Secret;
import io.hairpin.server.core.Extensions;
import io.hairpin.server.core.Mobility;
import io.hairpin.server.core.OwnAddresses;
import io.hairpin.server.core.PeerPolicy;
import io.hairpin.server.core.Quotas;
import io.hairpin.server.core.Redirection;
import io.hairpin.server.core.Reservations;
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
        Authenticator authenticator,
        Quotas quotas,
        Reservations reservations,
        SecureRandom random,
        @Nullable TicketSeal seal,
        Redirection redirection) {

    /// How long a reserved port waits for whoever reserved it (RFC 8656 §7.2 has at least 30
    /// seconds).
    private static final Duration RESERVATION_LIFETIME = Duration.ofSeconds(30);

    /// @param families those that relays can be opened in
    static Cores of(
            Configuration configuration,
            Set<AddressFamily> families,
            OwnAddresses own,
            SecureRandom random) {
        LimitsConfig limits = configuration.limits();
        return new Cores(
                policy(configuration, families),
                new PeerPolicy(configuration.peers().allow(), configuration.peers().deny(), own),
                authenticator(configuration.realm(), configuration.authentication(), random),
                new Quotas(limits.allocations(), limits.allocationsPerUser()),
                new Reservations(limits.reservations()),
                random,
                configuration.relay().mobility() ? new GcmTicketSeal(random) : null,
                RedirectPlan.of(configuration));
    }

    /// The core of the shard with that number.
    TurnCore create(int shard) {
        return new TurnCore(
                policy,
                peers,
                authenticator,
                quotas,
                reservations,
                random,
                new Extensions(seal == null ? null : new Mobility(shard, seal), redirection));
    }

    private static TurnPolicy policy(Configuration configuration, Set<AddressFamily> families) {
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
                        : TurnPolicy.LAST_CHANNEL);
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
                    realm, sources, new Nonces(nonceKey, authentication.staleNonce(), clock));
        } catch (IllegalArgumentException e) {
            throw new StartupException("authentication: " + e.getMessage());
        }
    }

    private static Map<String, String> revealed(Map<String, Secret> users) {
        return users.entrySet().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, entry -> entry.getValue().reveal()));
    }
}
