package io.hairpin.bench.soak;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.Allocation;
import io.hairpin.client.DataConnection;
import io.hairpin.client.Received;
import io.hairpin.client.TurnClient;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/// A client that means well: comes, talks to a peer that echoes, and goes, in one way or another.
/// What it cannot do it throws.
final class Guest {
    private static final int CHANNEL = 0x4000;
    private static final int UDP_PROTOCOL = 17;
    private static final int LARGEST_PACKET = 1200;

    /// How often something is renewed in its lifetime.
    private static final int RENEWALS = 3;

    private static final Duration ECHO_PATIENCE = Duration.ofSeconds(1);
    private static final Duration TCP_PATIENCE = Duration.ofSeconds(10);

    private final Place place;
    private final Carrier carrier;
    private final RandomGenerator random;
    private final LongAdder sent;
    private final LongAdder echoed;

    /// @param sent counts packets, echoed those that came back
    Guest(Place place, Carrier carrier, RandomGenerator random, LongAdder sent, LongAdder echoed) {
        this.place = place;
        this.carrier = carrier;
        this.random = random;
        this.sent = sent;
        this.echoed = echoed;
    }

    void call() {
        try (TurnClient client = place.client(carrier, random)) {
            client.allocate(AllocateOptions.udp());
            talk(client, 1.0);
        }
    }

    /// Some never come for the port that is kept for them.
    void callTwice() {
        try (TurnClient client = place.client(carrier, random)) {
            Allocation first = client.allocate(AllocateOptions.udp().evenPortReservingNext());
            if (random.nextInt(4) == 0) {
                return;
            }
            long token = first.reservationToken().orElseThrow();
            try (TurnClient second = place.client(carrier, random)) {
                second.allocate(AllocateOptions.udp().reservationToken(token));
                talk(second, 0.5);
            }
        }
    }

    void callByTcp() throws IOException {
        try (TurnClient client = place.client(carrier, random)) {
            client.allocate(AllocateOptions.tcp());
            InetSocketAddress peer = place.tcpPeer();
            client.createPermission(peer.getAddress());
            long connection = client.connect(peer, TCP_PATIENCE);
            if (random.nextInt(8) == 0) {
                return; // and never binds it
            }
            try (DataConnection data = bind(connection)) {
                byte[] bytes = packet();
                data.output().write(bytes);
                byte[] back = data.input().readNBytes(bytes.length);
                sent.increment();
                if (Arrays.equals(bytes, back)) {
                    echoed.increment();
                }
                Pause.of(place.lifetime().dividedBy(RENEWALS));
            }
        }
    }

    private DataConnection bind(long connection) {
        return carrier == Carrier.TLS
                ? DataConnection.tls(
                        place.tcp(),
                        Place.TLS,
                        Place.OPTIONS,
                        SoakServer.USER,
                        SoakServer.PASSWORD,
                        connection)
                : DataConnection.tcp(
                        place.tcp(),
                        Place.OPTIONS,
                        SoakServer.USER,
                        SoakServer.PASSWORD,
                        connection);
    }

    void move() {
        TurnClient before = place.client(carrier, random);
        try (before) {
            StunMessage granted =
                    before.request(
                            Method.ALLOCATE,
                            request ->
                                    request.with(Attributes.REQUESTED_TRANSPORT, UDP_PROTOCOL)
                                            .with(Attributes.MOBILITY_TICKET, new byte[0]));
            byte[] ticket = granted.find(Attributes.MOBILITY_TICKET).orElseThrow();
            talk(before, 0.3);
            if (random.nextBoolean()) {
                before.vanish();
            }
            Carrier next = Carrier.values()[random.nextInt(Carrier.values().length)];
            try (TurnClient after = place.client(next, random)) {
                after.takeOver(ticket, Duration.ofMinutes(1));
                talk(after, 0.5);
            }
        }
    }

    void rebind() {
        try (TurnClient before = place.client(carrier, random)) {
            before.allocate(AllocateOptions.udp());
            talk(before, 0.3);
            before.vanish();
        }
        try (TurnClient after = place.client(carrier, random)) {
            after.allocate(AllocateOptions.udp());
            talk(after, 0.5);
        }
    }

    void vanish() {
        try (TurnClient client = place.client(carrier, random)) {
            client.allocate(AllocateOptions.udp());
            talk(client, 0.5);
            client.vanish();
        }
    }

    /// Sends packets one after the other, each once the one before has come back or is lost.
    ///
    /// @param share of the longest stay that this may take
    private void talk(TurnClient client, double share) {
        InetSocketAddress peer = place.udpPeer();
        boolean byChannel = random.nextBoolean();
        long now = System.nanoTime();
        long end = now + time(share).toNanos();
        long renewal = now; // what is granted runs out
        while (now < end) {
            if (now >= renewal) {
                permit(client, peer, byChannel);
                client.refresh(place.lifetime());
                renewal = now + place.lifetime().toNanos() / RENEWALS;
            }
            talk(client, peer, byChannel);
            pause(0.02);
            now = System.nanoTime();
        }
    }

    private void permit(TurnClient client, InetSocketAddress peer, boolean byChannel) {
        if (byChannel) {
            client.channelBind(CHANNEL, peer);
        } else {
            client.createPermission(peer.getAddress());
        }
    }

    private void talk(TurnClient client, InetSocketAddress peer, boolean byChannel) {
        byte[] packet = packet();
        if (byChannel) {
            client.sendChannel(CHANNEL, packet);
        } else {
            client.send(peer, packet);
        }
        sent.increment();
        Optional<Received> back = client.receive(ECHO_PATIENCE);
        if (back.filter(echo -> Arrays.equals(echo.bytes(), packet)).isPresent()) {
            echoed.increment();
        }
    }

    private byte[] packet() {
        byte[] packet = new byte[1 + random.nextInt(LARGEST_PACKET)];
        random.nextBytes(packet);
        return packet;
    }

    private void pause(double share) {
        Pause.of(time(share));
    }

    /// Up to that share of the longest stay.
    private Duration time(double share) {
        return Duration.ofNanos(Math.round(place.stay().toNanos() * share * random.nextDouble()));
    }
}
