package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.net.Faults;
import io.hairpin.server.admin.ServerMetrics;
import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.CredentialQuery;
import io.hairpin.server.core.Effect;
import io.hairpin.server.core.Event;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.LookUpId;
import io.hairpin.server.core.Transport;
import io.hairpin.server.store.CredentialStore;
import io.hairpin.server.store.UnansweredLookUp;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.PasswordAlgorithm;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/// What becomes of a look-up: whatever the store does, the core hears of it once, on its loop.
class LookUpsTest {

    private static final String REALM = "example.org";
    private static final LookUpId ID = new LookUpId(7);
    private static final Credential ALICE =
            new Credential("alice", IntegrityKey.ofBytes(new byte[16]));

    private static final Effect.LookUpCredentials LOOK_UP =
            new Effect.LookUpCredentials(
                    ID,
                    new FiveTuple(
                            Transport.UDP,
                            new InetSocketAddress("192.0.2.1", 5000),
                            new InetSocketAddress("192.0.2.2", 3478)),
                    new CredentialQuery(REALM, "alice", PasswordAlgorithm.MD5));

    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final List<Event> heard = new ArrayList<>();
    private long nowNanos;

    /// A store that does as it is told.
    private record Scripted(
            Function<CredentialQuery, CompletionStage<List<Credential>>> script, List<String> calls)
            implements CredentialStore {
        @Override
        public CompletionStage<List<Credential>> find(CredentialQuery query) {
            calls.add("find " + query.username());
            return script.apply(query);
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    @Test
    void whatIsFoundComesBackOnTheLoop() {
        CompletableFuture<List<Credential>> answer = new CompletableFuture<>();
        LookUps lookUps = lookUps(answering(answer));

        lookUps.execute(LOOK_UP, loop::add, heard::add);
        assertThat(loop).isEmpty();
        answer.complete(List.of(ALICE));
        assertThat(heard).isEmpty();
        runLoop();

        assertThat(heard).containsExactly(new Event.CredentialsFound(ID, List.of(ALICE)));
    }

    @Test
    void whatIsKnownAtOnceDoesNotComeBackBeforeTheCoreIsReady() {
        LookUps lookUps = lookUps(answering(CompletableFuture.completedFuture(List.of())));

        lookUps.execute(LOOK_UP, loop::add, heard::add);
        assertThat(heard).isEmpty();
        runLoop();

        assertThat(heard).containsExactly(new Event.CredentialsFound(ID, List.of()));
    }

    @Test
    void aFailureKeepsItsReason() {
        execute(
                answering(
                        CompletableFuture.failedFuture(
                                new UnansweredLookUp("connection refused"))));

        assertThat(heard).containsExactly(new Event.LookUpFailed(ID, "connection refused"));
    }

    @Test
    void soDoesOneThatComesByOtherStages() {
        execute(
                answering(
                        CompletableFuture.<List<Credential>>failedFuture(
                                        new UnansweredLookUp("answered 503"))
                                .thenApply(found -> found)));

        assertThat(heard).containsExactly(new Event.LookUpFailed(ID, "answered 503"));
    }

    @Test
    void aStoreThatThrowsHasFailed() {
        execute(
                query -> {
                    throw new IllegalStateException("a secret of " + query.username());
                });

        assertThat(heard).containsExactly(new Event.LookUpFailed(ID, "internal error"));
    }

    @Test
    void soHasARealmWithoutAStore() {
        new LookUps(Map.of(), () -> nowNanos, new Faults()).execute(LOOK_UP, loop::add, heard::add);
        runLoop();

        assertThat(heard).containsExactly(new Event.LookUpFailed(ID, "internal error"));
    }

    @Test
    void aLoopThatHasEndedIsNotTold() {
        CompletableFuture<List<Credential>> answer = new CompletableFuture<>();
        lookUps(answering(answer))
                .execute(
                        LOOK_UP,
                        _ -> {
                            throw new RejectedExecutionException("shut down");
                        },
                        heard::add);

        assertThat(answer.complete(List.of(ALICE))).isTrue();
        assertThat(heard).isEmpty();
    }

    @Test
    void closingClosesTheStores() {
        Scripted store = new Scripted(_ -> new CompletableFuture<>(), new ArrayList<>());

        lookUps(store).close();

        assertThat(store.calls()).containsExactly("close");
    }

    @Test
    void outcomesAndTheirTimeAreCounted() {
        List<CompletableFuture<List<Credential>>> answers = new ArrayList<>();
        LookUps lookUps =
                lookUps(
                        _ -> {
                            CompletableFuture<List<Credential>> answer = new CompletableFuture<>();
                            answers.add(answer);
                            return answer;
                        });
        for (int i = 0; i < 6; i++) {
            lookUps.execute(LOOK_UP, loop::add, heard::add);
        }

        nowNanos += 500_000_000;
        answers.subList(0, 3).forEach(answer -> answer.complete(List.of(ALICE)));
        answers.subList(3, 5).forEach(answer -> answer.complete(List.of()));
        answers.get(5).completeExceptionally(new UnansweredLookUp("answered 503"));

        try (ServerMetrics metrics = new ServerMetrics(List.of())) {
            lookUps.register(metrics);
            assertThat(metrics.scrape())
                    .contains(
                            "hairpin_credential_lookups_total{outcome=\"found\"} 3.0",
                            "hairpin_credential_lookups_total{outcome=\"unknown\"} 2.0",
                            "hairpin_credential_lookups_total{outcome=\"failed\"} 1.0",
                            "hairpin_credential_lookup_seconds_count 6",
                            "hairpin_credential_lookup_seconds_sum 3.0");
        }
    }

    @Test
    void withoutAStoreNothingIsShown() {
        try (ServerMetrics metrics = new ServerMetrics(List.of())) {
            new LookUps(Map.of(), () -> nowNanos, new Faults()).register(metrics);

            assertThat(metrics.scrape()).doesNotContain("hairpin_credential");
        }
    }

    private void execute(Function<CredentialQuery, CompletionStage<List<Credential>>> script) {
        lookUps(script).execute(LOOK_UP, loop::add, heard::add);
        runLoop();
    }

    private static Function<CredentialQuery, CompletionStage<List<Credential>>> answering(
            CompletionStage<List<Credential>> answer) {
        return _ -> answer;
    }

    private LookUps lookUps(Function<CredentialQuery, CompletionStage<List<Credential>>> script) {
        return lookUps(new Scripted(script, new ArrayList<>()));
    }

    private LookUps lookUps(CredentialStore store) {
        LookUpLog log = new LookUpLog("https://users.example.org/", () -> nowNanos);
        return new LookUps(
                Map.of(REALM, new LookUps.Place(store, log)), () -> nowNanos, new Faults());
    }

    private void runLoop() {
        for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
            task.run();
        }
    }
}
