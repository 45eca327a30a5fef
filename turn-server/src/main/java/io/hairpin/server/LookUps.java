package io.hairpin.server;

import io.hairpin.net.Faults;
import io.hairpin.server.admin.LookUpCounters;
import io.hairpin.server.admin.LookUpCounters.Outcome;
import io.hairpin.server.admin.ServerMetrics;
import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.CredentialQuery;
import io.hairpin.server.core.Effect;
import io.hairpin.server.core.Event;
import io.hairpin.server.store.CredentialStore;
import io.hairpin.server.store.UnansweredLookUp;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Has credentials looked up for the cores of all shards, each by the store of its realm.
/// Thread-safe.
final class LookUps implements AutoCloseable {

    /// A store, and the log of how it does.
    record Place(CredentialStore store, LookUpLog log) {}

    private final Map<String, Place> places;
    private final LongSupplier clock;
    private final Faults faults;
    private final LookUpCounters counters = new LookUpCounters();

    /// @param places by realm
    LookUps(Map<String, Place> places, LongSupplier clock, Faults faults) {
        this.places = Map.copyOf(places);
        this.clock = clock;
        this.faults = faults;
    }

    /// Shows what comes of them, where there is anywhere to look.
    void register(ServerMetrics metrics) {
        if (!places.isEmpty()) {
            metrics.lookUps(counters);
        }
    }

    /// Looks up what a core asks for, and tells it of the outcome on its event loop, once.
    void execute(Effect.LookUpCredentials lookUp, Executor loop, Consumer<Event> core) {
        long start = clock.getAsLong();
        Place place = places.get(lookUp.query().realm());
        ask(place, lookUp.query())
                .whenComplete(
                        (found, failure) -> {
                            long nanos = clock.getAsLong() - start;
                            Event event =
                                    failure == null && found != null
                                            ? new Event.CredentialsFound(lookUp.id(), found)
                                            : new Event.LookUpFailed(lookUp.id(), reason(failure));
                            count(place, event, nanos);
                            tell(event, loop, core);
                        });
    }

    private static CompletionStage<List<Credential>> ask(
            @Nullable Place place, CredentialQuery query) {
        if (place == null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("a realm without a store looks nobody up"));
        }
        try {
            return place.store().find(query);
        } catch (RuntimeException | LinkageError bug) { // a class may be lost to a full disk, say
            return CompletableFuture.failedFuture(bug);
        }
    }

    private String reason(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException wrapper && wrapper.getCause() != null
                        ? wrapper.getCause()
                        : failure;
        if (cause instanceof UnansweredLookUp unanswered) {
            return String.valueOf(unanswered.getMessage());
        }
        faults.report(
                "looking credentials up",
                cause == null ? new IllegalStateException("a store answered null") : cause);
        return "internal error";
    }

    private void count(@Nullable Place place, Event event, long nanos) {
        if (event instanceof Event.CredentialsFound(_, List<Credential> credentials)) {
            counters.ended(credentials.isEmpty() ? Outcome.UNKNOWN : Outcome.FOUND, nanos);
            if (place != null) {
                place.log().answered();
            }
        } else if (event instanceof Event.LookUpFailed(_, String reason)) {
            counters.ended(Outcome.FAILED, nanos);
            if (place != null) {
                place.log().failed(reason);
            }
        }
    }

    private static void tell(Event event, Executor loop, Consumer<Event> core) {
        try {
            loop.execute(() -> core.accept(event));
        } catch (RejectedExecutionException _) {
            // The loop has ended, and with it the core that waited.
        }
    }

    @Override
    public void close() {
        places.values().forEach(place -> place.store().close());
    }
}
