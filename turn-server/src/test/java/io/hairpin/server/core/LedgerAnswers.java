package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The part of the [Ledger] on answers: each is to a request, and follows from what was granted
/// before.
final class LedgerAnswers {

    private final TurnPolicy policy;
    private final LedgerEntries entries;
    private final PeerLedger peers;
    private final LookUpLedger lookUps;
    private final HoldingLedger holdings;
    private final Supplier<List<HoldingLedger.Holding>> reserved;
    private final LongSupplier clock;
    private final Tally tally;

    /// @param reserved who has a port reserved, or is about to
    LedgerAnswers(
            TurnPolicy policy,
            LedgerEntries entries,
            PeerLedger peers,
            LookUpLedger lookUps,
            HoldingLedger holdings,
            Supplier<List<HoldingLedger.Holding>> reserved,
            LongSupplier clock,
            Tally tally) {
        this.policy = policy;
        this.entries = entries;
        this.peers = peers;
        this.lookUps = lookUps;
        this.holdings = holdings;
        this.reserved = reserved;
        this.clock = clock;
        this.tally = tally;
    }

    /// The request that an answer is for; there has to be one, from the client that is answered.
    StunMessage request(int shard, Event event, FiveTuple to, StunMessage answer) {
        StunMessage request =
                switch (event) {
                    case Event.MessageReceived(var from, var message, _) -> {
                        assertThat(to).isEqualTo(from);
                        yield message;
                    }
                    case Event.RelayOpened opened -> pendingRequest(shard, opened.allocation(), to);
                    case Event.RelayFailed failed -> pendingRequest(shard, failed.allocation(), to);
                    case Event.Tcp tcp -> {
                        assertThat(to).isEqualTo(peers.clientBehind(tcp));
                        yield Objects.requireNonNull(peers.requestBehind(tcp));
                    }
                    case Event.CredentialsFound _,
                            Event.LookUpFailed _,
                            Event.IcmpReceived _,
                            Event.ClientClosed _,
                            Event.DataReceived _,
                            Event.TimePassed _ ->
                            throw new AssertionError("an answer to nothing: " + answer);
                };
        assertThat(answer.transactionId()).isEqualTo(request.transactionId());
        assertThat(answer.method()).isEqualTo(request.method());
        return request;
    }

    private StunMessage pendingRequest(int shard, AllocationId id, FiveTuple to) {
        LedgerEntry entry = entries.at(shard, id);
        assertThat(entry.abandoned).as("an answer to a client that is gone").isFalse();
        assertThat(to).isEqualTo(entry.client);
        return entry.request;
    }

    /// An answer grants what was asked for.
    void granted(int shard, Event event, FiveTuple to, StunMessage answer) {
        StunMessage request = request(shard, event, to, answer);
        if (request.method() == Method.BINDING || request.method() == Method.CONNECTION_BIND) {
            tally.count("granted: " + request.method());
            return;
        }
        LedgerEntry entry = entries.owned(shard, to);
        if (entry == null) { // an answer to a deletion, which has been executed before it
            assertThat(LedgerEntry.isDeletion(request)).as("success for nobody").isTrue();
            return;
        }
        tally.count("granted: " + request.method());
        if (entry.username.equals(Names.BEARER)) {
            countGrantByToken(entry, request, answer);
        }
        entry.granted(request, answer, clock.getAsLong());
    }

    private void countGrantByToken(LedgerEntry entry, StunMessage request, StunMessage answer) {
        tally.count("granted by token: " + request.method());
        if (answer.find(LIFETIME)
                .filter(s -> s < policy.defaultLifetime().toSeconds())
                .isPresent()) {
            tally.count("lifetime cut by token");
        }
        if (request.method() == Method.REFRESH && !Names.owner(request).equals(entry.owner)) {
            tally.count("refreshed by another token");
        }
    }

    /// An answer refuses what was asked for; there has to be a reason.
    void refused(int shard, Event event, Effect.Reject effect) {
        FiveTuple to = effect.to();
        ErrorCode code = effect.code();
        String detail = effect.detail();
        StunMessage request = request(shard, event, to, effect.message());
        switch (code) {
            case ALLOCATION_MISMATCH -> {
                boolean pending =
                        entries.all().stream()
                                .anyMatch(
                                        entry ->
                                                entry.shard == shard
                                                        && entry.client.equals(to)
                                                        && entry.isPending()
                                                        && !entry.abandoned);
                boolean exists = entries.owned(shard, to) != null;
                boolean justified =
                        shows(request)
                                ? exists || pending || entries.shown(request) == null
                                : request.method() == Method.ALLOCATE ? exists || pending : !exists;
                assertThat(justified).as("a mismatch of %s", request).isTrue();
            }
            case WRONG_CREDENTIALS ->
                    assertThat(
                                    Objects.requireNonNull(
                                                    shows(request)
                                                            ? entries.shown(request)
                                                            : entries.owned(shard, to))
                                            .username)
                            .isNotEqualTo(Names.username(request));
            case ALLOCATION_QUOTA_REACHED -> {
                boolean isNamed =
                        Stream.of(
                                        Limit.ALLOCATIONS_PER_USER,
                                        Limit.ALLOCATIONS_PER_ADDRESS,
                                        Limit.ALLOCATIONS_PER_NETWORK)
                                .anyMatch(limit -> detail.startsWith(limit.setting() + " "));
                assertThat(isNamed).as("a quota: %s", detail).isTrue();
                checkLimit(shard, request, to, detail);
            }
            case INSUFFICIENT_CAPACITY -> checkLimit(shard, request, to, detail);
            case BAD_REQUEST,
                    UNAUTHENTICATED,
                    FORBIDDEN,
                    UNKNOWN_ATTRIBUTE,
                    STALE_NONCE,
                    ADDRESS_FAMILY_NOT_SUPPORTED,
                    UNSUPPORTED_TRANSPORT_PROTOCOL,
                    PEER_ADDRESS_FAMILY_MISMATCH -> {}
            case CONNECTION_ALREADY_EXISTS -> peers.refused(request, entries.owned(shard, to));
            case CONNECTION_TIMEOUT_OR_FAILURE ->
                    assertThat(request.method()).isEqualTo(Method.CONNECT);
            case SERVER_ERROR -> {
                if (!detail.equals(VirtualStore.EXCUSE)) {
                    String realm = ClientCredentials.realm(Names.username(request));
                    assertThat(detail).contains("pending-authentications");
                    holdings.refused(
                            Resource.AUTHENTICATION,
                            detail,
                            LookUpLedger.holding(realm, to),
                            lookUps.holdings());
                }
            }
            case TRY_ALTERNATE, MOBILITY_FORBIDDEN, ROLE_CONFLICT ->
                    throw new AssertionError("this server never says " + code);
        }
    }

    /// A limit that is named has been met.
    private void checkLimit(int shard, StunMessage request, FiveTuple to, String detail) {
        HoldingLedger.Holding asked =
                new HoldingLedger.Holding(Names.owner(request), to.client().getAddress());
        if (request.method() == Method.ALLOCATE) {
            holdings.refused(
                    Resource.ALLOCATION, detail, asked, entries.holdings(LedgerEntry::isThere));
            holdings.refused(Resource.RESERVATION, detail, asked, reserved.get());
        } else if (request.method() == Method.CONNECT) {
            LedgerEntry entry = Objects.requireNonNull(entries.owned(shard, to));
            holdings.refused(Resource.PEER_CONNECTION, detail, entry.holding(), peers.holdings());
        } else {
            checkLimit(request, Objects.requireNonNull(shown(shard, to, request)), detail);
        }
    }

    private @Nullable LedgerEntry shown(int shard, FiveTuple to, StunMessage request) {
        return shows(request) ? entries.shown(request) : entries.owned(shard, to);
    }

    /// One of what an allocation may hold has been met, by the allocation itself or in a wider
    /// scope.
    private void checkLimit(StunMessage request, LedgerEntry entry, String detail) {
        if (detail.startsWith(Limit.MOVES_PER_MINUTE.setting() + " ")) {
            assertThat(shows(request)).as("a move").isTrue();
            return;
        }
        Resource named =
                ofAllocations(request)
                        .filter(resource -> isNamed(resource, detail))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(request + " has met " + detail));
        int more = entry.wanted(named, request);
        assertThat(more).as("more to hold: %s", detail).isPositive();
        if (HoldingLedger.isOf(named, detail)) {
            holdings.refused(named, more, detail, entry.holding(), entries.holdings(named));
        } else {
            assertThat(entry.held(named) + more).as(detail).isGreaterThan(mostOfAllocation(named));
        }
    }

    private static Stream<Resource> ofAllocations(StunMessage request) {
        return switch (request.method()) {
            case CREATE_PERMISSION -> Stream.of(Resource.PERMISSION);
            case CHANNEL_BIND -> Stream.of(Resource.CHANNEL, Resource.PERMISSION);
            case REFRESH -> Stream.of(Resource.MOVE);
            default -> throw new AssertionError("no limit is met by " + request);
        };
    }

    private static boolean isNamed(Resource resource, String detail) {
        return HoldingLedger.isOf(resource, detail)
                || detail.startsWith("limits." + resource.key() + "-per-allocation ");
    }

    private int mostOfAllocation(Resource resource) {
        return resource == Resource.PERMISSION
                ? policy.permissionsPerAllocation()
                : policy.channelsPerAllocation();
    }

    private static boolean shows(StunMessage request) {
        return request.method() == Method.REFRESH && request.has(MOBILITY_TICKET);
    }
}
