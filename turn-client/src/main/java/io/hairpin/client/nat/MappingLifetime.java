package io.hairpin.client.nat;

import static io.hairpin.stun.Attributes.RESPONSE_PORT;

import io.hairpin.client.nat.NatReport.Lifetime;
import io.hairpin.client.nat.Questions.Answer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds out how long unused mappings live (RFC 5780 §4.6): opens several at once, leaves each
/// alone for another time, and has the server answer there what was asked by another socket.
final class MappingLifetime {

    /// As many times are tried, so the result is as exact as that part of the longest.
    static final int STEPS = 12;

    private record Waiting(DiscoverySocket socket, InetSocketAddress mapped, long openedNanos) {}

    private final DiscoveryNetwork network;
    private final Questions questions;
    private final InetSocketAddress server;

    MappingLifetime(DiscoveryNetwork network, Questions questions, InetSocketAddress server) {
        this.network = network;
        this.questions = questions;
        this.server = server;
    }

    /// Empty if answers do not come to another port even at once.
    Optional<Lifetime> find(Duration longest) throws IOException, InterruptedException {
        List<Waiting> waiting = new ArrayList<>();
        try (DiscoverySocket asking = network.open(server, 0)) {
            for (int step = 0; step <= STEPS; step++) {
                waiting.add(opened());
            }
            return probe(asking, waiting, longest);
        } finally {
            waiting.forEach(each -> each.socket().close());
        }
    }

    private Waiting opened() throws IOException {
        DiscoverySocket socket = network.open(server, 0);
        try {
            Answer answer =
                    questions
                            .ask(socket, server)
                            .orElseThrow(
                                    () -> new DiscoveryException("the server answers no more"));
            return new Waiting(socket, answer.mapped(), network.nanoTime());
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private Optional<Lifetime> probe(
            DiscoverySocket asking, List<Waiting> waiting, Duration longest)
            throws IOException, InterruptedException {
        if (!isAlive(asking, waiting.getFirst())) {
            return Optional.empty();
        }
        Duration alive = Duration.ZERO;
        for (int step = 1; step <= STEPS; step++) {
            Duration age = longest.multipliedBy(step).dividedBy(STEPS);
            Waiting each = waiting.get(step);
            long left = each.openedNanos() + age.toNanos() - network.nanoTime();
            if (left > 0) {
                network.sleep(left);
            }
            if (!isAlive(asking, each)) {
                return Optional.of(new Lifetime(alive, Optional.of(age)));
            }
            alive = age;
        }
        return Optional.of(new Lifetime(alive, Optional.empty()));
    }

    private boolean isAlive(DiscoverySocket asking, Waiting mapping) throws IOException {
        return questions
                .ask(
                        asking,
                        server,
                        mapping.socket(),
                        request -> request.with(RESPONSE_PORT, mapping.mapped().getPort()))
                .isPresent();
    }
}
