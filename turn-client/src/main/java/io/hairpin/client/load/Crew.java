package io.hairpin.client.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/// The clients of one event loop: sets them up, so many at a time, keeps them, and lets them go.
/// Not thread-safe.
final class Crew implements LoadClient.Events {

    /// Takes what clients receive from their peers.
    interface Sink {
        void data(int flow, ByteBuffer bytes, int offset, int length);
    }

    private final int size;
    private final int concurrency;
    private final Sink sink;
    private final SetUps setUps = new SetUps();
    private final List<LoadClient> ready = new ArrayList<>();

    /// Those that are being set up or are leaving.
    private final Set<LoadClient> settling = new LinkedHashSet<>();

    private InFlight inFlight;

    Crew(int size, int concurrency, Sink sink) {
        this.size = size;
        this.concurrency = concurrency;
        this.sink = sink;
        this.inFlight = new InFlight(1, 0, _ -> {}, () -> {});
    }

    /// Makes the clients and sets them up; runs `done` when each is ready or has failed.
    void setUp(IntFunction<LoadClient> clients, Runnable done) {
        setUps.nextRound();
        inFlight =
                new InFlight(
                        concurrency,
                        size,
                        i -> {
                            LoadClient client = clients.apply(i);
                            settling.add(client);
                            client.start();
                        },
                        done);
        inFlight.begin();
    }

    /// Ends the set-ups: those under way, and those not begun yet, have failed.
    void giveUp(String why) {
        for (int left = inFlight.stop(); left > 0; left--) {
            setUps.failed(why);
        }
        for (LoadClient client : List.copyOf(settling)) {
            client.abandon();
            failed(client, why);
        }
    }

    /// Lets all clients give back what they have; runs `done` when they have, or could not.
    void leave(Runnable done) {
        List<LoadClient> leaving = List.copyOf(ready);
        ready.clear();
        inFlight =
                new InFlight(
                        concurrency,
                        leaving.size(),
                        i -> {
                            settling.add(leaving.get(i));
                            leaving.get(i).leave();
                        },
                        done);
        inFlight.begin();
    }

    /// Closes all sockets.
    void abandon() {
        List.copyOf(settling).forEach(LoadClient::abandon);
        ready.forEach(LoadClient::abandon);
        settling.clear();
        ready.clear();
    }

    /// Repeats what those that are being set up or are leaving have not been answered.
    void sweep() {
        List.copyOf(settling).forEach(LoadClient::tick);
    }

    /// Renews what is about to expire.
    void renew() {
        List.copyOf(ready).forEach(LoadClient::tick);
    }

    List<LoadClient> clients() {
        return ready;
    }

    SetUps setUps() {
        return setUps;
    }

    @Override
    public void ready(LoadClient client) {
        settling.remove(client);
        ready.add(client);
        setUps.ready(client.setUpNanos(), client.readyNanos());
        inFlight.settled();
    }

    @Override
    public void failed(LoadClient client, String why) {
        setUps.failed(why);
        if (settling.remove(client)) {
            inFlight.settled();
        } else {
            ready.remove(client);
            setUps.lost();
        }
    }

    @Override
    public void gone(LoadClient client) {
        if (settling.remove(client)) {
            inFlight.settled();
        }
    }

    @Override
    public void data(LoadClient client, ByteBuffer bytes, int offset, int length) {
        sink.data(client.flow(), bytes, offset, length);
    }
}
