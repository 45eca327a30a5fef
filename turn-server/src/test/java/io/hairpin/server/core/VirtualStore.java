package io.hairpin.server.core;

import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.CredentialQuery;
import io.hairpin.stun.IntegrityKey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Knows users that no core knows by itself, and answers early or late, twice, with an excuse, or
/// not at all.
final class VirtualStore {

    /// What it says for an excuse.
    static final String EXCUSE = "the store is not to be had";

    /// What cores wait for it; most of what comes later than this comes little later.
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final Simulation simulation;
    private final Map<String, String> passwords;
    private final Tally tally;
    private final RandomGenerator random;

    VirtualStore(Simulation simulation, Map<String, String> passwords, Tally tally) {
        this.simulation = simulation;
        this.passwords = Map.copyOf(passwords);
        this.tally = tally;
        random = simulation.randomness();
    }

    void lookUp(VirtualShell shell, LookUpId id, CredentialQuery query) {
        long soon = random.nextLong(TIMEOUT.toNanos());
        switch (random.nextInt(10)) {
            case 0 -> tally.count("look-up hangs");
            case 1 -> simulation.after(soon, () -> fail(shell, id));
            case 2 -> simulation.after(TIMEOUT.toNanos() + soon, () -> answer(shell, id, query));
            case 3 -> {
                answer(shell, id, query);
                simulation.after(soon, () -> answer(shell, id, query));
            }
            case 4, 5 -> answer(shell, id, query);
            default -> simulation.after(soon, () -> answer(shell, id, query));
        }
    }

    private void fail(VirtualShell shell, LookUpId id) {
        tally.count("look-up fails");
        shell.handle(new Event.LookUpFailed(id, EXCUSE));
    }

    private void answer(VirtualShell shell, LookUpId id, CredentialQuery query) {
        String password = passwords.get(query.username());
        tally.count(password == null ? "nobody found" : "somebody found");
        shell.handle(
                new Event.CredentialsFound(
                        id,
                        password == null
                                ? List.of()
                                : List.of(
                                        new Credential(
                                                query.username(),
                                                IntegrityKey.longTerm(
                                                        query.algorithm(),
                                                        query.username(),
                                                        query.realm(),
                                                        password)))));
    }
}
