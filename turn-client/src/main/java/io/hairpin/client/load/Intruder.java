package io.hairpin.client.load;

import io.hairpin.client.Challenge;
import io.hairpin.client.Credentials;
import io.hairpin.client.ExchangeException;
import io.hairpin.client.TurnError;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Somebody who means harm and has an account: sends bytes without any sense, messages with rules
/// broken, and in between what gets it as far as to have an allocation. Not thread-safe.
///
/// It answers challenges, so that what it signs is looked at, and connects anew when the server has
/// had enough of it. The same randomness gives the same packets as far as the server answers the
/// same.
final class Intruder implements Link.Handler {

    private enum State {
        CLOSED,
        OPENING,
        OPEN,
        OVER
    }

    /// One in so many packets is broken without regard to the protocol, and as many are a proper
    /// Allocate request.
    private static final int ONE_IN = 8;

    private static final int UDP_PROTOCOL = 17;

    private final Link.Opener links;
    private final Optional<Credentials> account;
    private final RandomGenerator random;
    private final BrokenPackets broken;
    private final Mutations mutations;
    private State state = State.CLOSED;
    private @Nullable Link link;
    private @Nullable Challenge challenge;
    private String failure = "";
    private boolean allocated;
    private long answers;

    /// @param account empty for one that nobody knows
    Intruder(Link.Opener links, Optional<Credentials> account, RandomGenerator random) {
        this.links = links;
        this.account = account;
        this.random = random;
        broken = new BrokenPackets(random);
        mutations = new Mutations(random);
    }

    void open() {
        state = State.OPENING;
        links.open(this);
    }

    /// Why it has no link, or nothing.
    String failure() {
        return failure;
    }

    /// Responses that it could read.
    long answers() {
        return answers;
    }

    /// Whether a request of its was granted that gave it an allocation.
    boolean isAllocated() {
        return allocated;
    }

    /// Sends its next packet, or begins to connect anew where it cannot; returns whether it has
    /// sent one.
    boolean send() {
        if (state == State.CLOSED) {
            open();
        }
        if (state != State.OPEN || link == null) {
            return false;
        }
        link.send(packet());
        return true;
    }

    private ByteBuffer packet() {
        int choice = random.nextInt(ONE_IN);
        if (choice == 0) {
            return broken.next();
        }
        if (choice == 1 || (challenge == null && choice < ONE_IN / 2)) {
            return request(
                    StunMessage.request(Method.ALLOCATE, TransactionId.random(random))
                            .with(Attributes.REQUESTED_TRANSPORT, UDP_PROTOCOL));
        }
        return mutations.next(challenge);
    }

    private ByteBuffer request(StunMessage.Builder request) {
        if (challenge != null) {
            challenge.sign(request);
        }
        return ByteBuffer.wrap(request.build().toBytes());
    }

    /// Gives back what it has, and sends no more.
    void leave() {
        if (state == State.OPEN && link != null && challenge != null) {
            link.send(
                    request(
                            StunMessage.request(Method.REFRESH, TransactionId.random(random))
                                    .with(Attributes.LIFETIME, 0L)));
        }
        state = State.OVER;
    }

    void close() {
        state = State.OVER;
        if (link != null) {
            link.close();
            link = null;
        }
    }

    @Override
    public void opened(Link opened) {
        if (state != State.OPENING) {
            opened.close();
            return;
        }
        link = opened;
        state = State.OPEN;
        failure = "";
    }

    @Override
    public void notOpened(String why) {
        failure = why;
        if (state == State.OPENING) {
            state = State.CLOSED;
        }
    }

    /// Nonces are for an address, so a new connection begins without one.
    @Override
    public void lost(String why) {
        failure = why;
        link = null;
        challenge = null;
        if (state == State.OPEN) {
            state = State.CLOSED;
        }
    }

    @Override
    public void received(ByteBuffer bytes, int start, int length) {
        ByteBuffer message = bytes.duplicate().limit(start + length).position(start);
        if (!(StunDecoder.decode(message) instanceof Decoded.Message(StunMessage response))) {
            return;
        }
        switch (response.messageClass()) {
            case SUCCESS_RESPONSE -> {
                answers++;
                allocated |= response.method() == Method.ALLOCATE;
            }
            case ERROR_RESPONSE -> {
                answers++;
                TurnError.of(response).filter(Intruder::isChallenge).ifPresent(_ -> meet(response));
            }
            case REQUEST, INDICATION -> {}
        }
    }

    private static boolean isChallenge(TurnError error) {
        return error.is(ErrorCode.UNAUTHENTICATED) || error.is(ErrorCode.STALE_NONCE);
    }

    /// A nonce that is still good stays: what is refused may have been broken on purpose.
    private void meet(StunMessage response) {
        boolean stale = TurnError.of(response).filter(e -> e.is(ErrorCode.STALE_NONCE)).isPresent();
        if (account.isEmpty() || (challenge != null && !stale)) {
            return;
        }
        try {
            challenge = Challenge.read(response, account.get());
        } catch (ExchangeException unusable) {
            failure = String.valueOf(unusable.getMessage());
        }
    }
}
