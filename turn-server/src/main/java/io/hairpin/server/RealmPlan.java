package io.hairpin.server;

import io.hairpin.server.auth.AccessTokens;
import io.hairpin.server.auth.Authenticator;
import io.hairpin.server.auth.CredentialSource;
import io.hairpin.server.auth.Expiry;
import io.hairpin.server.auth.Nonces;
import io.hairpin.server.auth.SharedSecrets;
import io.hairpin.server.auth.StaticUsers;
import io.hairpin.server.auth.TokenAlgorithm;
import io.hairpin.server.auth.TokenKey;
import io.hairpin.server.config.AuthenticationConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.config.OauthConfig;
import io.hairpin.server.config.PeersConfig;
import io.hairpin.server.config.RealmConfig;
import io.hairpin.server.config.Secret;
import io.hairpin.server.config.TcpPeersConfig;
import io.hairpin.server.core.ByResource;
import io.hairpin.server.core.OwnAddresses;
import io.hairpin.server.core.PeerPolicy;
import io.hairpin.server.core.Quotas;
import io.hairpin.server.core.Realm;
import io.hairpin.server.core.Realms;
import io.hairpin.server.core.TcpPeers;
import io.hairpin.server.core.TurnPolicy;
import io.hairpin.stun.AddressFamily;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The realms that a configuration asks for: the first, and those beside it.
///
/// @param families those that relays can be opened in
/// @param dontFragment whether relays can send datagrams that nobody may fragment
/// @param ownForTcp as `own`, with the relays of TCP alone
record RealmPlan(
        Configuration configuration,
        Set<AddressFamily> families,
        boolean dontFragment,
        OwnAddresses own,
        OwnAddresses ownForTcp) {

    /// How long a reserved port waits for whoever reserved it (RFC 8656 §7.2 has at least 30
    /// seconds).
    private static final Duration RESERVATION_LIFETIME = Duration.ofSeconds(30);

    /// A store says by itself that it has taken too long; one that does not even do that is given
    /// up after so much more.
    private static final Duration LOOK_UP_GRACE = Duration.ofSeconds(1);

    Realms realms(SecureRandom random) {
        LimitsConfig limits = configuration.limits();
        TurnPolicy policy = policy();
        ByResource<Quotas> quotas = ByResource.of(each -> HoldingPlan.quotas(each, limits));
        Realm first =
                realm(
                        authenticator(
                                configuration.realm(), configuration.authentication(), random),
                        policy,
                        configuration.peers(),
                        quotas);
        Realms realms = new Realms(first, configuration.compatibility().originConsistency());
        for (RealmConfig config : configuration.realms()) {
            realms.with(
                    realm(
                            authenticator(config.name(), config.authentication(), random),
                            policy,
                            config.peers(),
                            ByResource.of(
                                    each ->
                                            HoldingPlan.quotas(
                                                    each, quotas.of(each), config.limits()))),
                    ways(config));
        }
        return realms;
    }

    private Realm realm(
            Authenticator authenticator,
            TurnPolicy policy,
            PeersConfig peers,
            ByResource<Quotas> quotas) {
        TcpPeersConfig tcp = peers.tcp();
        return new Realm(
                authenticator,
                policy,
                new PeerPolicy(peers.allow(), peers.deny(), own),
                configuration.relay().tcp()
                        ? new TcpPeers(
                                PeerPolicy.forTcp(tcp.allow(), tcp.deny(), peers.deny(), ownForTcp),
                                tcp::opens)
                        : null,
                quotas);
    }

    private static Realms.Ways ways(RealmConfig config) {
        List<Realms.Listener> listeners =
                config.listeners().stream()
                        .map(
                                each ->
                                        new Realms.Listener(
                                                InetAddress.ofLiteral(each.host()), each.port()))
                        .toList();
        return new Realms.Ways(listeners, config.serverNames(), config.origins(), config.byName());
    }

    private TurnPolicy policy() {
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
                            : null,
                    Expiry.valueOf(authentication.expiry().name()),
                    authentication.webhook().isOn()
                            ? authentication.webhook().timeout().plus(LOOK_UP_GRACE)
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
