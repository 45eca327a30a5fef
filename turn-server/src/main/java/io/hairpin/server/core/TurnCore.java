package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.FINGERPRINT;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.UNKNOWN_ATTRIBUTES;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.SERVER_ERROR;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;
import static io.hairpin.stun.ErrorCode.UNKNOWN_ATTRIBUTE;
import static io.hairpin.stun.ErrorCode.WRONG_CREDENTIALS;

import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// The TURN protocol as a state machine. Not thread-safe: one instance per event loop.
///
/// Time is nanoseconds since some start of the caller's choosing; it is never negative and
/// never goes back.
public final class TurnCore {

    private final Realms realms;
    private final ReservationDesk reservations;
    private final Responses responses;
    private final Deadlines deadlines = new Deadlines();
    private final Allocations allocations;
    private final @Nullable Strangers strangers;

    private final BindingHandler binding;
    private final @Nullable ClassicBindingHandler classicBinding;
    private final Authentication authentication;
    private final AllocateHandler allocate;
    private final RefreshHandler refresh;
    private final MobilityHandler mobility;
    private final CreatePermissionHandler createPermission;
    private final ChannelBindHandler channelBind;
    private final IcmpHandler icmp;
    private final @Nullable TcpHandlers tcp;

    /// @param realms shared by the cores of a server, as are `reservations`
    /// @param random what reservation tokens and transaction ids are made from, and other servers
    ///     drawn by; cryptographically strong unless in a simulation
    public TurnCore(
            Realms realms,
            Reservations reservations,
            RandomGenerator random,
            Extensions extensions) {
        this.realms = realms;
        Answers answers = extensions.answers();
        SharedLimits limits = extensions.limits();
        strangers = answers.strangers();
        responses = new Responses(answers.reasonPhrases(), limits.refusals());
        TcpRelaying tcp = extensions.tcp();
        Admission admission = new Admission(limits);
        ConnectionTable connections =
                tcp == null ? null : new ConnectionTable(tcp, admission, deadlines, random);
        this.reservations =
                new ReservationDesk(
                        realms.first().policy(), reservations, admission, deadlines, random);
        allocations = new Allocations(deadlines, admission, connections);
        Permissions permissions = new Permissions(admission, deadlines);
        authentication =
                new Authentication(
                        realms,
                        allocations,
                        strangers,
                        new PendingAuthentications(deadlines, admission, responses),
                        responses,
                        new Authentication.Audience() {
                            @Override
                            public boolean isTaken(FiveTuple client) {
                                return TurnCore.this.isTaken(client);
                            }

                            @Override
                            public List<Effect> authenticated(Request request, long nowNanos) {
                                return onAuthenticated(request, nowNanos);
                            }
                        });
        Tickets tickets = new Tickets(extensions.mobility());
        BindingPolicy bindings = extensions.bindings();
        binding = new BindingHandler(bindings, responses);
        classicBinding =
                bindings.classic()
                        ? new ClassicBindingHandler(bindings, answers.reasonPhrases())
                        : null;
        allocate =
                new AllocateHandler(
                        realms,
                        allocations,
                        deadlines,
                        admission,
                        this.reservations,
                        tickets,
                        new Redirects(extensions.redirection(), random, responses),
                        responses);
        refresh = new RefreshHandler(allocations, deadlines, responses);
        this.mobility =
                new MobilityHandler(
                        tickets, allocations, admission, this::isTaken, refresh, responses);
        createPermission = new CreatePermissionHandler(permissions, responses);
        channelBind = new ChannelBindHandler(permissions, admission, deadlines, responses);
        icmp = new IcmpHandler(allocations, random);
        this.tcp =
                tcp == null || connections == null
                        ? null
                        : new TcpHandlers(tcp, connections, allocations, responses, random);
    }

    /// Advances by one event and returns what the caller must do, in order.
    ///
    /// Whatever has expired by `nowNanos` ends first, so that no event meets what should be gone.
    public List<Effect> handle(Event event, long nowNanos) {
        List<Effect> expired = expire(nowNanos);
        List<Effect> effects =
                switch (event) {
                    case Event.MessageReceived received -> onMessage(received, nowNanos);
                    case Event.CredentialsFound found -> authentication.handle(found, nowNanos);
                    case Event.LookUpFailed failed -> authentication.handle(failed);
                    case Event.RelayOpened opened -> allocate.opened(opened, nowNanos);
                    case Event.RelayFailed failed -> allocate.failed(failed, nowNanos);
                    case Event.IcmpReceived received -> icmp.handle(received, nowNanos);
                    case Event.ClientClosed(var client) -> onClientClosed(client);
                    case Event.DataReceived(var from) -> mobility.dataReceived(from);
                    case Event.Tcp happened -> tcp().handle(happened, nowNanos);
                    case Event.TimePassed() -> List.of();
                };
        return expired.isEmpty() ? effects : concat(expired, effects);
    }

    /// When [Event.TimePassed] is next due, or `Long.MAX_VALUE`.
    public long nextDeadlineNanos() {
        return deadlines.next();
    }

    /// The open allocation of that name, or null; for the data path, which reads it.
    public @Nullable Allocation allocation(AllocationId id) {
        return allocations.get(id);
    }

    /// Whether the client of that 5-tuple has an allocation, or waits for one to be made.
    public boolean isTaken(FiveTuple client) {
        return allocations.of(client) != null || allocate.isPending(client);
    }

    /// Why a request without credentials would go unanswered now, or null if it would not, of a
    /// client on UDP that has no allocation and whose host has these numbers (see
    /// [io.hairpin.stun.TransportAddress]). It changes nothing: whoever asks spares itself a
    /// [Event.MessageReceived] that would come to the same.
    public @Nullable DropReason refusal(long high, long low, long nowNanos) {
        return strangers == null ? null : strangers.refusal(high, low, nowNanos);
    }

    private List<Effect> onMessage(Event.MessageReceived received, long nowNanos) {
        FiveTuple from = received.from();
        StunMessage message = received.message();
        // RFC 8489 §6.3: it was damaged on the way, or is not STUN at all.
        if (message.has(FINGERPRINT) && !message.hasValidFingerprint()) {
            return List.of(new Effect.Drop(from, DropReason.MALFORMED));
        }
        if (message.isClassic()) {
            return onClassic(from, message, nowNanos);
        }
        return switch (message.messageClass()) {
            case REQUEST -> onRequest(received, nowNanos);
            // Send indications never come here: the data path answers for them.
            case INDICATION ->
                    List.of(
                            new Effect.Drop(
                                    from,
                                    message.method() == Method.BINDING
                                            ? DropReason.KEEP_ALIVE
                                            : DropReason.UNEXPECTED_INDICATION));
            case SUCCESS_RESPONSE, ERROR_RESPONSE ->
                    List.of(new Effect.Drop(from, DropReason.UNEXPECTED_RESPONSE));
        };
    }

    private List<Effect> onClassic(FiveTuple from, StunMessage message, long nowNanos) {
        // RFC 8489 §11: over DTLS there is no classic STUN, and who asks is told.
        if (from.transport() == Transport.DTLS && message.messageClass() == MessageClass.REQUEST) {
            return List.of(
                    responses.rejectUnsigned(
                            from, message, SERVER_ERROR, "classic STUN over DTLS"));
        }
        if (classicBinding == null) {
            return drop(from, DropReason.CLASSIC_STUN);
        }
        DropReason refusal = refusal(from, nowNanos);
        return refusal == null
                ? classicBinding.handle(from, message, nowNanos)
                : drop(from, refusal);
    }

    private List<Effect> onRequest(Event.MessageReceived received, long nowNanos) {
        FiveTuple from = received.from();
        StunMessage message = received.message();
        if (message.method() == Method.BINDING) {
            DropReason refusal = refusal(from, nowNanos);
            return refusal == null ? binding.handle(from, message, nowNanos) : drop(from, refusal);
        }
        return authentication.handle(received, nowNanos);
    }

    /// Why somebody who has not authenticated gets no answer, or null if there is one.
    private @Nullable DropReason refusal(FiveTuple from, long nowNanos) {
        return authentication.refusal(from, nowNanos);
    }

    private static List<Effect> drop(FiveTuple from, DropReason reason) {
        return List.of(new Effect.Drop(from, reason));
    }

    private List<Effect> onAuthenticated(Request request, long nowNanos) {
        StunMessage message = request.message();
        if (request.isTooLate()) {
            return List.of(
                    responses.challenge(
                            request.realm(),
                            request.from(),
                            message,
                            UNAUTHENTICATED,
                            "credential has expired"));
        }
        List<Integer> unknown = UnderstoodAttributes.unknownIn(request, request.realm().policy());
        if (!unknown.isEmpty()) {
            return List.of(
                    responses.reject(
                            request,
                            UNKNOWN_ATTRIBUTE,
                            responses
                                    .error(message, UNKNOWN_ATTRIBUTE)
                                    .with(UNKNOWN_ATTRIBUTES, unknown),
                            "unknown attributes " + unknown));
        }
        if (!message.malformedAttributes().isEmpty()) {
            return List.of(
                    responses.reject(
                            request,
                            BAD_REQUEST,
                            "malformed attributes " + message.malformedAttributes()));
        }
        return switch (message.method()) {
            case ALLOCATE -> allocate.handle(request, nowNanos);
            case REFRESH ->
                    message.has(MOBILITY_TICKET)
                            ? mobility.handle(request, nowNanos)
                            : onAllocated(request, nowNanos);
            case CREATE_PERMISSION, CHANNEL_BIND -> onAllocated(request, nowNanos);
            case CONNECT -> tcp == null ? noSuchRequest(request) : onAllocated(request, nowNanos);
            case CONNECTION_BIND ->
                    tcp == null
                            ? noSuchRequest(request)
                            : tcp.connectionBind(request, isTaken(request.from()));
            case BINDING, SEND, DATA, CONNECTION_ATTEMPT -> noSuchRequest(request);
        };
    }

    private List<Effect> noSuchRequest(Request request) {
        return List.of(
                responses.reject(
                        request, BAD_REQUEST, "no such request: " + request.message().method()));
    }

    /// What RFC 6062 adds; only asked for where it is on.
    private TcpHandlers tcp() {
        if (tcp == null) {
            throw new IllegalStateException("there are no TCP relays");
        }
        return tcp;
    }

    /// Requests that need the sender's allocation.
    private List<Effect> onAllocated(Request request, long nowNanos) {
        Allocation allocation = allocations.of(request.from());
        if (allocation == null) {
            return List.of(responses.reject(request, ALLOCATION_MISMATCH, "no allocation"));
        }
        if (!allocation.owner.equals(request.owner())) {
            return List.of(responses.reject(request, WRONG_CREDENTIALS, "another user's"));
        }
        if (!Arrays.equals(allocation.origin, realms.origin(request.message()))) {
            return List.of(responses.reject(request, WRONG_CREDENTIALS, "another origin"));
        }
        return switch (request.message().method()) {
            case REFRESH -> refresh.handle(request, allocation, nowNanos);
            case CREATE_PERMISSION -> createPermission.handle(request, allocation, nowNanos);
            case CHANNEL_BIND -> channelBind.handle(request, allocation, nowNanos);
            case CONNECT -> tcp().connect(request, allocation);
            case ALLOCATE, BINDING, SEND, DATA, CONNECTION_BIND, CONNECTION_ATTEMPT ->
                    throw new IllegalStateException(
                            "needs no allocation: " + request.message().method());
        };
    }

    private List<Effect> onClientClosed(FiveTuple client) {
        authentication.clientClosed(client);
        allocate.clientClosed(client);
        Allocation allocation = allocations.of(client);
        return allocation == null ? List.of() : mobility.clientClosed(allocation, client);
    }

    private List<Effect> expire(long nowNanos) {
        if (deadlines.next() > nowNanos) {
            return List.of();
        }
        List<Effect> effects = new ArrayList<>();
        for (Expiring due = deadlines.poll(nowNanos); due != null; due = deadlines.poll(nowNanos)) {
            switch (due) {
                case Relay relay -> effects.addAll(allocations.close(relay, CloseReason.EXPIRED));
                case Permission permission -> allocations.remove(permission);
                case Channel channel -> allocations.remove(channel);
                case PendingAuthentication pending -> effects.add(authentication.expired(pending));
                case PeerConnection connection -> effects.addAll(tcp().expired(connection));
                case ReservationTimeout timeout ->
                        reservations
                                .expire(timeout)
                                .map(Effect.ReleasePort::new)
                                .ifPresent(effects::add);
            }
        }
        return effects;
    }

    private static List<Effect> concat(List<Effect> first, List<Effect> second) {
        List<Effect> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
