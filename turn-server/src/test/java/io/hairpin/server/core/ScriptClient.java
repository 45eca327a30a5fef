package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ACCESS_TOKEN;
import static io.hairpin.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.CHANNEL_NUMBER;
import static io.hairpin.stun.Attributes.CONNECTION_ID;
import static io.hairpin.stun.Attributes.ICMP;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.NONCE;
import static io.hairpin.stun.Attributes.PASSWORD_ALGORITHMS;
import static io.hairpin.stun.Attributes.REALM;
import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;
import static io.hairpin.stun.Attributes.USERNAME;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;

import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.TokenMint;
import io.hairpin.server.core.ClientCredentials.Dialect;
import io.hairpin.server.core.ClientCredentials.Learned;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.IcmpError;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.UnaryOperator;

/// A client of a [TurnScript]: writes requests, and answers as they should come back.
final class ScriptClient {

    private static final int UDP = 17;
    private static final int TCP = 6;

    final String username;
    private final FiveTuple tuple;
    private ClientCredentials credentials;
    private Learned learned = Learned.NOTHING;
    private TokenMint.@Nullable Minted token;
    private boolean showsToken;
    private Integrity tokenIntegrity = Integrity.SHA1;
    private long transactions;

    ScriptClient(String username, String password, FiveTuple tuple) {
        this.username = username;
        this.tuple = tuple;
        credentials = new ClientCredentials(username, password, Dialect.CLASSIC);
    }

    FiveTuple tuple() {
        return tuple;
    }

    /// Has an access token from now on, which Allocate and Refresh requests show.
    ScriptClient bears(TokenMint.Minted minted) {
        token = minted;
        showsToken = true;
        return this;
    }

    /// Signs with the key of its token, and shows it no more.
    ScriptClient hidesToken() {
        showsToken = false;
        return this;
    }

    ScriptClient signsTokenWith(Integrity integrity) {
        tokenIntegrity = integrity;
        return this;
    }

    ScriptClient speaks(Dialect dialect) {
        credentials = credentials.speaking(dialect);
        return this;
    }

    /// Another user on this 5-tuple, with the same nonce.
    ScriptClient impersonating(String user, String password) {
        ScriptClient other = new ScriptClient(user, password, tuple);
        other.transactions = transactions + 1000;
        return other.withNonceOf(this);
    }

    ScriptClient withNonceOf(ScriptClient other) {
        learned = other.learned;
        return this;
    }

    /// Keeps nonce and algorithms of a 401 or 438.
    void learn(List<Effect> challenge) {
        learned = Learned.from(((Effect.Reject) challenge.getFirst()).message());
    }

    StunMessage allocate() {
        return allocate(builder -> builder);
    }

    StunMessage allocate(UnaryOperator<StunMessage.Builder> more) {
        return request(
                Method.ALLOCATE, builder -> more.apply(builder.with(REQUESTED_TRANSPORT, UDP)));
    }

    StunMessage allocateTcp() {
        return allocateTcp(builder -> builder);
    }

    StunMessage allocateTcp(UnaryOperator<StunMessage.Builder> more) {
        return request(
                Method.ALLOCATE, builder -> more.apply(builder.with(REQUESTED_TRANSPORT, TCP)));
    }

    StunMessage connect(String peer) {
        return request(
                Method.CONNECT, builder -> builder.with(XOR_PEER_ADDRESS, TestAddresses.of(peer)));
    }

    StunMessage connectionBind(ConnectionId id) {
        return request(Method.CONNECTION_BIND, builder -> builder.with(CONNECTION_ID, id.value()));
    }

    StunMessage allocateBoth() {
        return allocate(builder -> builder.with(ADDITIONAL_ADDRESS_FAMILY, 2));
    }

    StunMessage refresh(long seconds) {
        return request(Method.REFRESH, builder -> builder.with(LIFETIME, seconds));
    }

    /// A Refresh request that shows a ticket.
    StunMessage refresh(long seconds, byte[] ticket) {
        return request(
                Method.REFRESH,
                builder -> builder.with(LIFETIME, seconds).with(MOBILITY_TICKET, ticket));
    }

    StunMessage createPermission(String... peers) {
        return request(
                Method.CREATE_PERMISSION,
                builder -> {
                    for (String peer : peers) {
                        builder.with(XOR_PEER_ADDRESS, TestAddresses.of(peer));
                    }
                    return builder;
                });
    }

    StunMessage channelBind(int channel, String peer) {
        return request(
                Method.CHANNEL_BIND,
                builder ->
                        builder.with(CHANNEL_NUMBER, channel)
                                .with(XOR_PEER_ADDRESS, TestAddresses.of(peer)));
    }

    /// A request with credentials and whatever else it is given.
    StunMessage request(Method method, UnaryOperator<StunMessage.Builder> more) {
        StunMessage.Builder builder = more.apply(StunMessage.request(method, nextTransaction()));
        boolean opening = method == Method.ALLOCATE || method == Method.REFRESH;
        if (token != null && showsToken && opening) {
            builder.with(ACCESS_TOKEN, token.token());
        }
        return signed(builder).build();
    }

    StunMessage unsigned(Method method) {
        return StunMessage.request(method, nextTransaction()).build();
    }

    TransactionId nextTransaction() {
        return TransactionId.of(tuple.client().getPort(), ++transactions);
    }

    /// Ends a request with this client's credentials.
    StunMessage.Builder signed(StunMessage.Builder builder) {
        if (token == null) {
            return credentials.sign(builder, learned);
        }
        return builder.with(USERNAME, token.keyId())
                .with(REALM, ClientCredentials.REALM_NAME)
                .with(NONCE, learned.nonce())
                .integrity(tokenIntegrity, token.key());
    }

    private Integrity integrity() {
        return token == null ? credentials.integrity() : tokenIntegrity;
    }

    String nonce() {
        return learned.nonce();
    }

    IntegrityKey key() {
        return token == null ? credentials.key() : token.key();
    }

    /// What a store says that knows this client.
    Credential credential() {
        return new Credential(username, key());
    }

    /// The success response to `request`, signed as this client expects it.
    Answer success(StunMessage request) {
        return Answer.success(tuple, request).signedWith(integrity());
    }

    /// The error response to `request`, signed as this client expects it.
    Answer error(StunMessage request, ErrorCode code) {
        return Answer.error(tuple, request, code).signedWith(integrity());
    }

    /// A 401 or 438, which nobody has signed.
    Answer challenge(StunMessage request, ErrorCode code) {
        return Answer.error(tuple, request, code)
                .with(REALM, ClientCredentials.REALM_NAME)
                .with(NONCE, Answer.SOME_NONCE)
                .with(
                        PASSWORD_ALGORITHMS,
                        List.of(PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5));
    }

    /// The Data indication that tells of an ICMP error.
    Answer icmp(String peer, IcmpError error) {
        return Answer.indication(tuple, Method.DATA)
                .with(XOR_PEER_ADDRESS, TestAddresses.of(peer))
                .with(ICMP, error);
    }

    Effect.Drop drop(DropReason reason) {
        return new Effect.Drop(tuple, reason);
    }
}
