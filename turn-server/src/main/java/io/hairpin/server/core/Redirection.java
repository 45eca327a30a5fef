package io.hairpin.server.core;

import io.hairpin.stun.AddressFamily;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Which clients are sent to other servers, and to which (RFC 8489 §10).
public record Redirection(When when, List<Alternate> alternates) {

    /// When a client is sent away that asks for an allocation.
    public enum When {
        /// Whenever there is a server for it.
        ALWAYS,
        /// When this server has no room for it.
        FULL
    }

    /// Nobody is sent anywhere.
    public static final Redirection NONE = new Redirection(When.ALWAYS, List.of());

    public Redirection {
        alternates = List.copyOf(alternates);
    }

    /// One of those that a client can reach as it reaches this server, each as often as its weight
    /// says; then, if there is one, that server's address of the other family.
    List<Alternate> choose(FiveTuple client, RandomGenerator random) {
        AddressFamily family = AddressFamily.of(client.client().getAddress());
        List<Alternate> reachable = alternates.stream().filter(each -> each.isFor(client)).toList();
        Optional<Alternate> chosen =
                draw(reachable.stream().filter(each -> family(each) == family).toList(), random);
        if (chosen.isEmpty()) {
            return List.of();
        }
        // Both addresses share one ALTERNATE-DOMAIN, so they have to be of one server.
        Optional<Alternate> other =
                chosen.get().domain() == null
                        ? Optional.empty()
                        : draw(
                                reachable.stream()
                                        .filter(each -> family(each) != family)
                                        .filter(each -> haveOneName(each, chosen.get()))
                                        .toList(),
                                random);
        return other.isPresent() ? List.of(chosen.get(), other.get()) : List.of(chosen.get());
    }

    private static Optional<Alternate> draw(List<Alternate> among, RandomGenerator random) {
        if (among.isEmpty()) {
            return Optional.empty();
        }
        int left = random.nextInt(among.stream().mapToInt(Alternate::weight).sum());
        for (Alternate each : among) {
            left -= each.weight();
            if (left < 0) {
                return Optional.of(each);
            }
        }
        throw new IllegalStateException("drawn beyond the sum of weights");
    }

    private static AddressFamily family(Alternate alternate) {
        return AddressFamily.of(alternate.address().getAddress());
    }

    private static boolean haveOneName(Alternate one, Alternate other) {
        return Objects.equals(one.domain(), other.domain());
    }
}
