package io.hairpin.client.nat;

import static io.hairpin.client.nat.Dependence.ADDRESS_AND_PORT_DEPENDENT;
import static io.hairpin.client.nat.Dependence.ADDRESS_DEPENDENT;
import static io.hairpin.client.nat.Dependence.ENDPOINT_INDEPENDENT;
import static io.hairpin.stun.Attributes.CHANGE_REQUEST;
import static io.hairpin.stun.Attributes.OTHER_ADDRESS;

import io.hairpin.client.nat.NatReport.Lifetime;
import io.hairpin.client.nat.Questions.Answer;
import io.hairpin.stun.ChangeRequest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds out what the NATs between this machine and a server do (RFC 5780 §4), which has to have a
/// second address for that. What it finds holds for this server, now: NATs may change their minds.
public final class NatDiscovery {

    private static final ChangeRequest BOTH = new ChangeRequest(true, true);
    private static final ChangeRequest PORT = new ChangeRequest(false, true);

    private final DiscoveryNetwork network;
    private final Questions questions;
    private final InetSocketAddress server;
    private final NatOptions options;
    private final List<String> remarks = new ArrayList<>();

    NatDiscovery(DiscoveryNetwork network, InetSocketAddress server, NatOptions options) {
        this.network = network;
        this.server = server;
        this.options = options;
        questions = new Questions(network, options.random(), options.patience());
    }

    /// Asks the server at that address; takes seconds, or as long as lifetimes are waited for.
    ///
    /// A report without [NatReport#mapped] means that UDP is blocked, one without
    /// [NatReport#other] that this server cannot tell more than the mapped address.
    ///
    /// @throws DiscoveryException if the server answers and it makes no sense
    public static NatReport run(InetSocketAddress server, NatOptions options)
            throws IOException, InterruptedException {
        SystemNetwork network = new SystemNetwork(options.local().getAddress());
        return new NatDiscovery(network, server, options).run();
    }

    NatReport run() throws IOException, InterruptedException {
        try (DiscoverySocket socket = network.open(server, options.local().getPort())) {
            Optional<Answer> first = questions.ask(socket, server);
            Optional<InetSocketAddress> other =
                    first.flatMap(answer -> answer.message().find(OTHER_ADDRESS));
            if (first.isEmpty() || other.isEmpty()) {
                return new NatReport(
                        server,
                        socket.localAddress(),
                        first.map(Answer::mapped),
                        other,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        remarks);
            }
            requireDistinct(other.get());
            InetSocketAddress mapped = first.get().mapped();
            boolean translated = !mapped.equals(socket.localAddress());
            return new NatReport(
                    server,
                    socket.localAddress(),
                    Optional.of(mapped),
                    other,
                    translated
                            ? mapping(socket, mapped, other.get())
                            : Optional.of(ENDPOINT_INDEPENDENT),
                    filtering(),
                    translated ? hairpinning() : Optional.empty(),
                    translated ? lifetime() : Optional.empty(),
                    remarks);
        }
    }

    private void requireDistinct(InetSocketAddress other) {
        if (other.getAddress().equals(server.getAddress()) || other.getPort() == server.getPort()) {
            throw new DiscoveryException(
                    "the server's OTHER-ADDRESS is no other address and port than those asked: "
                            + other);
        }
    }

    /// RFC 5780 §4.3: whether the same socket is seen at the same address from elsewhere.
    private Optional<Dependence> mapping(
            DiscoverySocket socket, InetSocketAddress first, InetSocketAddress other)
            throws IOException {
        // Test II: to the other address, same port.
        Optional<Answer> second =
                questions.ask(socket, new InetSocketAddress(other.getAddress(), server.getPort()));
        if (second.isEmpty()) {
            remarks.add("mapping: the server does not answer at its other address");
            return Optional.empty();
        }
        if (second.get().mapped().equals(first)) {
            return Optional.of(ENDPOINT_INDEPENDENT);
        }
        // Test III: to the other port there.
        return questions
                .ask(socket, other)
                .map(
                        third ->
                                third.mapped().equals(second.get().mapped())
                                        ? ADDRESS_DEPENDENT
                                        : ADDRESS_AND_PORT_DEPENDENT);
    }

    /// RFC 5780 §4.4: whether answers get in from where nothing was sent to. The socket is a new
    /// one, for the other has been in touch with the other address.
    private Optional<Dependence> filtering() throws IOException {
        try (DiscoverySocket socket = network.open(server, 0)) {
            if (questions.ask(socket, server).isEmpty()) {
                return Optional.empty();
            }
            if (answersFromElsewhere(socket, BOTH)) {
                return Optional.of(ENDPOINT_INDEPENDENT);
            }
            return Optional.of(
                    answersFromElsewhere(socket, PORT)
                            ? ADDRESS_DEPENDENT
                            : ADDRESS_AND_PORT_DEPENDENT);
        }
    }

    private boolean answersFromElsewhere(DiscoverySocket socket, ChangeRequest change)
            throws IOException {
        Optional<Answer> answer =
                questions.ask(
                        socket, server, socket, request -> request.with(CHANGE_REQUEST, change));
        if (answer.filter(it -> it.from().equals(server)).isPresent()) {
            throw new DiscoveryException(
                    "the server answers from where it was asked, although"
                            + " CHANGE-REQUEST wants it from elsewhere");
        }
        return answer.isPresent();
    }

    /// RFC 5780 §4.5.
    private Optional<Boolean> hairpinning() throws IOException {
        try (DiscoverySocket one = network.open(server, 0);
                DiscoverySocket two = network.open(server, 0)) {
            Optional<Answer> ofOne = questions.ask(one, server);
            Optional<Answer> ofTwo = questions.ask(two, server);
            if (ofOne.isEmpty() || ofTwo.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(
                    questions.meet(one, ofOne.get().mapped(), two, ofTwo.get().mapped()));
        }
    }

    /// A server may well serve all but RESPONSE-PORT; then the rest is still worth knowing.
    private Optional<Lifetime> lifetime() throws IOException, InterruptedException {
        if (options.longestLifetime().isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<Lifetime> found =
                    new MappingLifetime(network, questions, server)
                            .find(options.longestLifetime().get());
            if (found.isEmpty()) {
                remarks.add(
                        "lifetime: no answer came to another port than the one it was asked from");
            }
            return found;
        } catch (DiscoveryException e) {
            remarks.add("lifetime: " + e.getMessage());
            return Optional.empty();
        }
    }
}
