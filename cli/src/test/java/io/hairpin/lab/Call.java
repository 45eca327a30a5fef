package io.hairpin.lab;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// A call with sound, pictures and data between two pages, whose signals this program carries.
record Call(Pair pair, Page caller, Page callee) {

    private static final int ROUND_TRIPS = 20;

    /// How often the route is looked at again while it is not the expected one: browsers are
    /// connected as soon as any works, and move to a better one when they have found it.
    private static final int MOST_LOOKS = 5;

    /// @param server what a name server says
    Outcome hold(LabServer server, Duration media) {
        try {
            return Outcome.of(pair, held(server, media));
        } catch (CallException e) {
            return Outcome.failed(pair, String.valueOf(e.getMessage()));
        }
    }

    private Outcome.Held held(LabServer server, Duration media) {
        caller.onSignal(signal -> callee.begin("receive(" + signal + ")"));
        callee.onSignal(signal -> caller.begin("receive(" + signal + ")"));
        CompletableFuture<Json> prepared = prepare(caller, server);
        Page.await(prepare(callee, server));
        Page.await(prepared);

        long start = System.nanoTime();
        CompletableFuture<Json> offered = caller.begin("offer()");
        onBoth("connected()");
        long setUpMillis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        Page.await(offered);

        Outcome.Held held = look(setUpMillis, media);
        for (int i = 1; i < MOST_LOOKS && held.route() != pair.expected(); i++) {
            held = look(setUpMillis, media);
        }
        onBoth("hangUp()");
        return held;
    }

    private static CompletableFuture<Json> prepare(Page page, LabServer server) {
        return page.begin("prepare(" + Json.of(server.iceServers()) + ")");
    }

    private Outcome.Held look(long setUpMillis, Duration media) {
        String measure = "measure(" + media.toMillis() + ")";
        CompletableFuture<Json> there = caller.begin(measure);
        CompletableFuture<Json> back = callee.begin(measure);
        Json callerSaw = Page.await(there);
        Json calleeSaw = Page.await(back);
        String roundTrip = "roundTrip(" + ROUND_TRIPS + ")";
        return new Outcome.Held(
                setUpMillis,
                End.of(callerSaw, caller.evaluate(roundTrip).number("millis")),
                End.of(calleeSaw, callee.evaluate(roundTrip).number("millis")));
    }

    private void onBoth(String expression) {
        CompletableFuture<Json> one = caller.begin(expression);
        CompletableFuture<Json> other = callee.begin(expression);
        Page.await(one);
        Page.await(other);
    }
}
