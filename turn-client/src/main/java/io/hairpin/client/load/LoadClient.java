package io.hairpin.client.load;

import io.hairpin.client.Challenge;
import io.hairpin.client.ExchangeException;
import io.hairpin.client.TurnError;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A client with one allocation: sets it up, keeps it, gives it back. Not thread-safe.
///
/// It has one request under way at a time. It believes responses by their transaction ids: what is
/// tested is not the client.
final class LoadClient implements Link.Handler {

    /// What a client tells of itself.
    interface Events {

        /// The client can send and receive.
        void ready(LoadClient client);

        /// The client is of no use any more, or never was; its socket is closed.
        void failed(LoadClient client, String why);

        /// The client left, as it was told to.
        void gone(LoadClient client);

        /// Bytes of a peer arrived, lent until this returns.
        void data(LoadClient client, ByteBuffer bytes, int offset, int length);
    }

    /// A server that still challenges after so many answers will not stop.
    private static final int MAX_CHALLENGES = 3;

    /// How many ports are tried until one is found that no allocation of an earlier run is on.
    private static final int MAX_LINKS = 4;

    private enum Phase {
        OPENING,
        ALLOCATING,
        PERMITTING,
        READY,
        LEAVING,
        OVER
    }

    private final ClientPlan plan;
    private final int number;
    private final @Nullable InetSocketAddress peer;
    private final Link.Opener links;
    private final Events events;
    private final Delivered delivered = new Delivered();
    private final Renewals renewals;

    private Phase phase = Phase.OPENING;
    private int linksOpened;
    private long startNanos;
    private long readyNanos;
    private @Nullable Link link;
    private @Nullable Exchange exchange;
    private @Nullable Challenge challenge;
    private int challenges;
    private @Nullable InetSocketAddress relayed;
    private int flow = -1;

    /// @param number among the clients of all event loops
    /// @param peer the one it talks to, if it does
    LoadClient(
            ClientPlan plan,
            int number,
            @Nullable InetSocketAddress peer,
            Link.Opener links,
            Events events) {
        this.plan = plan;
        this.number = number;
        this.peer = peer;
        this.links = links;
        this.events = events;
        this.renewals = new Renewals(plan.permissionMethod());
    }

    void start() {
        startNanos = plan.clock().getAsLong();
        links.open(this);
    }

    /// Gives the allocation back.
    void leave() {
        if (phase == Phase.READY) {
            phase = Phase.LEAVING;
            request(Method.REFRESH);
        } else if (phase != Phase.LEAVING) {
            end();
            events.gone(this);
        }
    }

    /// Closes the socket and tells nobody.
    void abandon() {
        end();
    }

    /// Does what is due; called now and then.
    void tick() {
        if (exchange != null) {
            switch (exchange.step(plan.patience().getAsLong())) {
                case WAIT -> {}
                case REPEAT -> link().request(exchange.bytes());
                case GIVE_UP -> fail("no answer to " + exchange.method());
            }
        } else if (phase == Phase.READY) {
            Method due = renewals.due(plan.clock().getAsLong());
            if (due != null) {
                request(due);
            }
        }
    }

    /// Sends a packet of data, unless the client has failed in the meantime.
    void send(ByteBuffer packet) {
        if (phase == Phase.READY) {
            link().send(packet);
        }
    }

    /// Where peers send to.
    InetSocketAddress relayed() {
        if (relayed == null) {
            throw new IllegalStateException("there is no allocation yet");
        }
        return relayed;
    }

    int number() {
        return number;
    }

    long readyNanos() {
        return readyNanos;
    }

    long setUpNanos() {
        return readyNanos - startNanos;
    }

    /// The number of its packets in [Traffic]; -1 if it has none.
    int flow() {
        return flow;
    }

    void flow(int flow) {
        this.flow = flow;
    }

    @Override
    public void opened(Link opened) {
        if (phase != Phase.OPENING) {
            opened.close();
            return;
        }
        link = opened;
        linksOpened++;
        phase = Phase.ALLOCATING;
        request(Method.ALLOCATE);
    }

    @Override
    public void notOpened(String why) {
        fail(why);
    }

    @Override
    public void lost(String why) {
        fail(why);
    }

    @Override
    public void received(ByteBuffer bytes, int start, int length) {
        if (delivered.wrap(bytes, start, length)) {
            events.data(this, bytes, delivered.offset(), delivered.length());
        } else if (exchange != null) {
            ByteBuffer message = bytes.duplicate().limit(start + length).position(start);
            if (StunDecoder.decode(message) instanceof Decoded.Message(StunMessage response)
                    && exchange.isAnsweredBy(response)) {
                answered(exchange.method(), response);
            }
        }
    }

    private void answered(Method method, StunMessage response) {
        if (response.messageClass() == MessageClass.SUCCESS_RESPONSE) {
            exchange = null;
            challenges = 0;
            succeeded(method, response);
        } else if (response.messageClass() == MessageClass.ERROR_RESPONSE) {
            Optional<TurnError> error = TurnError.of(response);
            if (error.isEmpty()) {
                fail(method + " refused without a reason");
            } else {
                refused(method, response, error.get());
            }
        }
    }

    private void succeeded(Method method, StunMessage response) {
        long now = plan.clock().getAsLong();
        switch (phase) {
            case ALLOCATING -> allocated(response, now);
            case PERMITTING -> becomeReady(now);
            case READY -> {
                if (method == Method.REFRESH) {
                    renewals.allocated(response, now);
                } else {
                    renewals.permitted(now);
                }
            }
            case LEAVING -> {
                end();
                events.gone(this);
            }
            case OPENING, OVER -> {}
        }
    }

    private void allocated(StunMessage response, long now) {
        relayed = response.find(Attributes.XOR_RELAYED_ADDRESS).orElse(null);
        if (relayed == null) {
            fail("an allocation without a relayed address");
            return;
        }
        renewals.allocated(response, now);
        Method permission = plan.permissionMethod();
        if (permission == null) {
            becomeReady(now);
        } else {
            phase = Phase.PERMITTING;
            request(permission);
        }
    }

    private void becomeReady(long now) {
        phase = Phase.READY;
        readyNanos = now;
        renewals.permitted(now);
        events.ready(this);
    }

    private void refused(Method method, StunMessage response, TurnError error) {
        boolean challenged = error.is(ErrorCode.UNAUTHENTICATED) && challenge == null;
        boolean stale = error.is(ErrorCode.STALE_NONCE) && challenges < MAX_CHALLENGES;
        if (challenged || stale) {
            meet(method, response);
        } else if (error.is(ErrorCode.ALLOCATION_MISMATCH)
                && phase == Phase.ALLOCATING
                && linksOpened < MAX_LINKS) {
            exchange = null;
            link().close();
            phase = Phase.OPENING;
            links.open(this);
        } else {
            fail(method + " refused: " + error.code() + " " + error.reason());
        }
    }

    private void meet(Method method, StunMessage response) {
        if (plan.accounts().isEmpty()) {
            fail("the server wants credentials, and there are none");
            return;
        }
        try {
            challenge = Challenge.read(response, plan.accounts().get().of(number));
        } catch (ExchangeException unusable) {
            fail(String.valueOf(unusable.getMessage()));
            return;
        }
        challenges++;
        request(method);
    }

    private void request(Method method) {
        StunMessage.Builder request = plan.request(method, peer);
        if (phase == Phase.LEAVING) {
            request.with(Attributes.LIFETIME, 0L);
        }
        if (challenge != null) {
            challenge.sign(request);
        }
        exchange =
                new Exchange(
                        request.build(),
                        plan.retransmission(),
                        link().reliable(),
                        plan.patience().getAsLong());
        link().request(exchange.bytes());
    }

    private Link link() {
        if (link == null) {
            throw new IllegalStateException("there is no link yet");
        }
        return link;
    }

    private void fail(String why) {
        boolean leaving = phase == Phase.LEAVING;
        boolean over = phase == Phase.OVER;
        end();
        if (leaving) {
            events.gone(this);
        } else if (!over) {
            events.failed(this, why);
        }
    }

    private void end() {
        phase = Phase.OVER;
        exchange = null;
        if (link != null) {
            link.close();
            link = null;
        }
    }
}
