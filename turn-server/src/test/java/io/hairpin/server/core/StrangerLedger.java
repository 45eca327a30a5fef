package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// A second opinion on who is answered without having authenticated: no more often than may be, and
/// never refused for that within some time after having.
final class StrangerLedger {

    private static final long SECOND = 1_000_000_000L;
    private static final long MEMORY = KnownSources.MEMORY_SECONDS * SECOND;

    /// How many answers a second; the shares of a source, of a network, of all.
    record Shares(int perSource, int perNetwork, int inAll) {}

    private final Shares shares;
    private final LongSupplier clock;
    private final Map<InetAddress, Long> authenticated = new HashMap<>();
    private final Map<Object, Deque<Long>> answers = new HashMap<>();

    StrangerLedger(Shares shares, LongSupplier clock) {
        this.shares = shares;
        this.clock = clock;
    }

    /// Checks what came of a message over UDP.
    ///
    /// @param taken whether its sender has an allocation by that 5-tuple, or waits for one
    void handled(FiveTuple from, boolean taken, List<Effect> effects) {
        InetAddress host = from.client().getAddress();
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.OpenRelay _, Effect.HandOver _ -> authenticated(host);
                case Effect.LookUpCredentials _ -> answered(host, taken);
                case Effect.Send(_, var message) -> answered(host, taken, message, "");
                case Effect.SendElsewhere(_, _, var message) -> answered(host, taken, message, "");
                case Effect.Reject refusal -> {
                    // That of a look-up which took too long was counted when it began, and may be
                    // for somebody else.
                    if (!LookUpLedger.isTimeout(refusal)) {
                        answered(host, taken, refusal.message(), refusal.detail());
                    }
                }
                case Effect.Drop(_, var reason) -> dropped(host, taken, reason);
                default -> {}
            }
        }
    }

    /// The same once a look-up is over, at whose beginning the answer was counted.
    void lookedUp(FiveTuple from, List<Effect> effects) {
        handled(from, true, effects);
    }

    private void authenticated(InetAddress host) {
        authenticated.put(host, clock.getAsLong());
    }

    private void answered(InetAddress host, boolean taken, StunMessage answer, String detail) {
        boolean signed = answer.method() != Method.BINDING && answer.integrity().isPresent();
        if (signed
                || detail.startsWith(
                        "credential has expired")) { // which only who has authenticated is told
            authenticated(host);
        } else {
            answered(host, taken);
        }
    }

    private void answered(InetAddress host, boolean taken) {
        if (!taken && !isKnown(host, MEMORY + SECOND)) {
            count(host, shares.perSource());
            count(List.of("network", network(host)), shares.perNetwork());
            count("all", shares.inAll());
        }
    }

    private void dropped(InetAddress host, boolean taken, DropReason reason) {
        if (reason == DropReason.ALLOCATE_PENDING) {
            authenticated(host);
        } else if (reason.name().startsWith("UNAUTHENTICATED")) {
            assertThat(taken).as("%s has an allocation", host).isFalse();
            assertThat(isKnown(host, MEMORY - SECOND)).as("%s has authenticated", host).isFalse();
        }
    }

    private boolean isKnown(InetAddress host, long memoryNanos) {
        Long since = authenticated.get(host);
        return since != null && clock.getAsLong() - since < memoryNanos;
    }

    /// A second's share may be used up at once, and then what comes back in that second.
    private void count(Object whose, int share) {
        Deque<Long> times = answers.computeIfAbsent(whose, _ -> new ArrayDeque<>());
        long now = clock.getAsLong();
        times.add(now);
        while (times.getFirst() <= now - SECOND) {
            times.removeFirst();
        }
        assertThat(times.size()).as("answers to %s", whose).isLessThanOrEqualTo(2 * share);
    }

    private static String network(InetAddress host) {
        String text = host.getHostAddress();
        String[] parts = text.split(text.contains(":") ? ":" : "\\.", -1);
        return parts[0] + " " + parts[1] + " " + parts[2];
    }
}
