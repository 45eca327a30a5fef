package io.hairpin.client.nat;

import io.hairpin.client.Retransmission;
import io.hairpin.client.TurnError;
import io.hairpin.client.nat.DiscoverySocket.Arrived;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Binding requests, sent until they are answered or that has taken too long.
final class Questions {

    private static final int REQUESTS = 4;

    /// With seven times the RTO before the last request it makes [NatOptions#STEPS].
    private static final int LAST_WAIT = 3;

    private final DiscoveryNetwork network;
    private final RandomGenerator random;
    private final Retransmission schedule;

    Questions(DiscoveryNetwork network, RandomGenerator random, Duration patience) {
        this.network = network;
        this.random = random;
        schedule = new Retransmission(patience.dividedBy(NatOptions.STEPS), REQUESTS, LAST_WAIT);
    }

    /// A success response, and where it came from.
    record Answer(InetSocketAddress from, StunMessage message) {

        /// The address that the request was seen at.
        InetSocketAddress mapped() {
            return message.find(Attributes.XOR_MAPPED_ADDRESS)
                    .or(() -> message.find(Attributes.MAPPED_ADDRESS))
                    .orElseThrow(
                            () ->
                                    new DiscoveryException(
                                            "the server's answer names no mapped address"));
        }
    }

    Optional<Answer> ask(DiscoverySocket socket, InetSocketAddress server) throws IOException {
        return ask(socket, server, socket, request -> request);
    }

    /// @param listener the socket that the answer is to come to
    /// @throws DiscoveryException if the server refuses
    Optional<Answer> ask(
            DiscoverySocket socket,
            InetSocketAddress server,
            DiscoverySocket listener,
            UnaryOperator<StunMessage.Builder> more)
            throws IOException {
        StunMessage request =
                more.apply(StunMessage.request(Method.BINDING, TransactionId.random(random)))
                        .build();
        long start = network.nanoTime();
        for (int sent = 1; sent <= schedule.requests(); sent++) {
            socket.send(request.toBytes(), server);
            Optional<Answer> answer =
                    await(listener, request, start + schedule.untilNext(sent).toNanos());
            if (answer.isPresent()) {
                return answer;
            }
            if (!listener.equals(socket)) {
                await(socket, request, network.nanoTime() + 1); // a refusal comes to who asked
            }
        }
        return Optional.empty();
    }

    private Optional<Answer> await(DiscoverySocket listener, StunMessage request, long until)
            throws IOException {
        for (long left = until - network.nanoTime(); left > 0; left = until - network.nanoTime()) {
            Optional<Arrived> arrived = listener.receive(left);
            Optional<StunMessage> response =
                    arrived.flatMap(datagram -> stun(datagram, request.transactionId()));
            if (response.isPresent() && isAnswer(response.get())) {
                return Optional.of(new Answer(arrived.orElseThrow().from(), response.get()));
            }
        }
        return Optional.empty();
    }

    private static boolean isAnswer(StunMessage message) {
        if (message.messageClass() == MessageClass.ERROR_RESPONSE) {
            throw new DiscoveryException(
                    TurnError.of(message)
                            .map(
                                    error ->
                                            "the server refuses: "
                                                    + error.code()
                                                    + " "
                                                    + error.reason())
                            .orElse("the server refuses and does not say why"));
        }
        return message.messageClass() == MessageClass.SUCCESS_RESPONSE;
    }

    /// Whether a request of one of two sockets reaches the other at the address it is mapped to.
    ///
    /// Both send, so that a NAT which lets in only what was asked for lets them in.
    boolean meet(
            DiscoverySocket one,
            InetSocketAddress mappedOne,
            DiscoverySocket two,
            InetSocketAddress mappedTwo)
            throws IOException {
        TransactionId id = TransactionId.random(random);
        byte[] request = StunMessage.request(Method.BINDING, id).build().toBytes();
        long start = network.nanoTime();
        for (int sent = 1; sent <= schedule.requests(); sent++) {
            one.send(request, mappedTwo);
            two.send(request, mappedOne);
            long next = start + schedule.untilNext(sent).toNanos();
            long half = next - (next - network.nanoTime()) / 2;
            if (hears(two, id, half) || hears(one, id, next)) {
                return true;
            }
        }
        return false;
    }

    private boolean hears(DiscoverySocket socket, TransactionId id, long until) throws IOException {
        for (long left = until - network.nanoTime(); left > 0; left = until - network.nanoTime()) {
            if (socket.receive(left)
                    .flatMap(datagram -> stun(datagram, id))
                    .filter(message -> message.messageClass() == MessageClass.REQUEST)
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static Optional<StunMessage> stun(Arrived datagram, TransactionId id) {
        return switch (StunDecoder.decode(datagram.bytes())) {
            case Decoded.Message(StunMessage message)
                    when message.method() == Method.BINDING && message.transactionId().equals(id) ->
                    Optional.of(message);
            case Decoded.Message _, Decoded.Malformed _ -> Optional.empty();
        };
    }
}
