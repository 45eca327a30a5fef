package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.NONCE;
import static io.hairpin.stun.Attributes.REALM;
import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;
import static io.hairpin.stun.Attributes.USERNAME;

import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// Somebody who floods a server with requests that seem to come from others: from a few networks,
/// and from the addresses of clients.
final class SimulatedForger {

    private static final int BURST = 24;
    private static final List<Method> METHODS =
            List.of(Method.BINDING, Method.ALLOCATE, Method.REFRESH, Method.CREATE_PERMISSION);
    private static final IntegrityKey GUESSED = IntegrityKey.shortTerm("guessed");

    private final TurnWorld world;
    private final RandomGenerator random;
    private final List<InetSocketAddress> listeners;
    private final Duration pause;

    SimulatedForger(TurnWorld world, List<InetSocketAddress> listeners, Duration pause) {
        this.world = world;
        this.listeners = listeners;
        this.pause = pause;
        random = world.simulation().randomness();
    }

    /// Floods now and then until the world is over.
    void start() {
        world.simulation()
                .after(
                        1 + random.nextLong(2 * pause.toNanos()),
                        () -> {
                            if (!world.isOver()) {
                                burst();
                                start();
                            }
                        });
    }

    private void burst() {
        InetSocketAddress listener = listeners.get(random.nextInt(listeners.size()));
        for (int i = 0; i < BURST; i++) {
            world.network().send(source(), listener, request().toBytes());
        }
    }

    private InetSocketAddress source() {
        String host =
                switch (random.nextInt(4)) {
                    case 0 -> "7.7.7.7";
                    case 1 -> "2a00:9:9:%x::1".formatted(random.nextInt(4));
                    default -> "9.9.%d.%d".formatted(random.nextInt(3), random.nextInt(4));
                };
        return new InetSocketAddress(TestAddresses.host(host), 6000 + random.nextInt(20));
    }

    private StunMessage request() {
        StunMessage.Builder request =
                StunMessage.request(
                                METHODS.get(random.nextInt(METHODS.size())),
                                TransactionId.random(random))
                        .with(REQUESTED_TRANSPORT, 17);
        if (random.nextInt(3) == 0) {
            request.with(USERNAME, "alice")
                    .with(REALM, ClientCredentials.REALM_NAME)
                    .with(NONCE, "made up")
                    .integrity(Integrity.SHA1, GUESSED);
        }
        return request.build();
    }
}
