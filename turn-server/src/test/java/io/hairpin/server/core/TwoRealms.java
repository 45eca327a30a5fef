package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.NONCE;
import static io.hairpin.stun.Attributes.REALM;
import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;
import static io.hairpin.stun.Attributes.USERNAME;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.server.auth.Authenticator;
import io.hairpin.server.auth.Nonces;
import io.hairpin.server.auth.StaticUsers;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/// A server with a second realm that has a listener, a server name, an origin and, unless it is
/// told otherwise, user names that lead to it.
final class TwoRealms {

    static final String FIRST = "example.org";
    static final String OTHER = "example.net";
    static final InetSocketAddress SERVER = TestAddresses.of("198.51.100.1:3478");
    static final InetSocketAddress OTHERS = TestAddresses.of("198.51.100.1:3479");

    final Quotas quotas = new Quotas(3, 2);
    final ByResource<Quotas> all =
            ByResource.of(_ -> new Quotas(3, 2)).with(Resource.ALLOCATION, quotas);
    final Realm first = realm(FIRST, 1, List.of(), all, Map.of("alice", "a", "bob", "b"));
    final Realm other =
            realm(
                    OTHER,
                    2,
                    List.of(Cidr.parse("10.0.0.0/8").orElseThrow()),
                    ByResource.of(each -> all.of(each).part(2, 1))
                            .with(Resource.PERMISSION, all.of(Resource.PERMISSION).part(1, 1))
                            .with(Resource.RESERVATION, all.of(Resource.RESERVATION).part(1, 1)),
                    Map.of("alice", "n", "carol@" + OTHER, "c"));
    final TurnCore core =
            core(
                    List.of(new Realms.Listener(TestAddresses.host("0.0.0.0"), OTHERS.getPort())),
                    true);
    private long transactions;
    private long allocations;

    TurnCore core(List<Realms.Listener> listeners, boolean byName) {
        Realms realms = new Realms(first);
        List<String> origins = List.of("https://app.example.net");
        realms.with(
                other, new Realms.Ways(listeners, List.of("Turn.Example.net"), origins, byName));
        return core(realms);
    }

    static TurnCore core(Realms realms) {
        return new TurnCore(realms, new Reservations(), new SplittableRandom(1), Extensions.NONE);
    }

    private static Realm realm(
            String name,
            int key,
            List<Cidr> allow,
            ByResource<Quotas> quotas,
            Map<String, String> users) {
        byte[] nonceKey = new byte[32];
        Arrays.fill(nonceKey, (byte) key);
        Nonces nonces = new Nonces(nonceKey, Duration.ofDays(1), () -> Instant.EPOCH);
        return new Realm(
                new Authenticator(name, List.of(new StaticUsers(name, users)), nonces),
                TestPolicies.DEFAULTS,
                new PeerPolicy(allow, List.of(), new FakeOwnAddresses()),
                null,
                quotas);
    }

    static StunMessage.Builder plain(StunMessage.Builder builder) {
        return builder;
    }

    void allocated(FiveTuple tuple, String user, String realm, String password) {
        assertOpens(
                tuple,
                signed(
                        Method.ALLOCATE,
                        user,
                        realm,
                        password,
                        nonce(tuple, TwoRealms::plain),
                        TwoRealms::plain));
        opened("198.51.100.1:5000" + allocations);
    }

    void assertOpens(FiveTuple tuple, StunMessage request) {
        assertThat(handle(tuple, request)).first().isInstanceOf(Effect.OpenRelay.class);
    }

    void opened(String relayed) {
        core.handle(
                new Event.RelayOpened(
                        new AllocationId(++allocations),
                        AddressFamily.IPV4,
                        TestAddresses.of(relayed),
                        null),
                0);
    }

    static FiveTuple tuple(int client, InetSocketAddress server) {
        return new FiveTuple(
                Transport.TCP, TestAddresses.of("192.0.2." + client + ":6000"), server);
    }

    List<Effect> handle(FiveTuple tuple, StunMessage message) {
        return core.handle(new Event.MessageReceived(tuple, message), 0);
    }

    Effect.Reject rejected(FiveTuple tuple, StunMessage message) {
        return (Effect.Reject) handle(tuple, message).getFirst();
    }

    StunMessage challenge(FiveTuple tuple, UnaryOperator<StunMessage.Builder> more) {
        return rejected(tuple, request(Method.ALLOCATE, more).build()).message();
    }

    String nonce(FiveTuple tuple, UnaryOperator<StunMessage.Builder> more) {
        return challenge(tuple, more).find(NONCE).orElseThrow();
    }

    StunMessage permission(String user, String realm, String password, String nonce, String peer) {
        return signed(
                Method.CREATE_PERMISSION,
                user,
                realm,
                password,
                nonce,
                builder -> builder.with(XOR_PEER_ADDRESS, TestAddresses.of(peer)));
    }

    StunMessage signed(
            Method method,
            String user,
            String realm,
            String password,
            String nonce,
            UnaryOperator<StunMessage.Builder> more) {
        return request(method, more)
                .with(USERNAME, user)
                .with(REALM, realm)
                .with(NONCE, nonce)
                .integrity(
                        Integrity.SHA1,
                        IntegrityKey.longTerm(PasswordAlgorithm.MD5, user, realm, password))
                .build();
    }

    StunMessage.Builder request(Method method, UnaryOperator<StunMessage.Builder> more) {
        StunMessage.Builder builder =
                StunMessage.request(method, TransactionId.of(1, ++transactions));
        if (method == Method.ALLOCATE) {
            builder.with(REQUESTED_TRANSPORT, 17);
        }
        return more.apply(builder);
    }

    static UnaryOperator<StunMessage.Builder> origin(String origin) {
        return builder -> builder.with(Realms.ORIGIN, origin.getBytes(UTF_8));
    }

    static Effect.Reject only(TurnCore core, FiveTuple tuple, StunMessage message) {
        return (Effect.Reject) core.handle(new Event.MessageReceived(tuple, message), 0).getFirst();
    }
}
