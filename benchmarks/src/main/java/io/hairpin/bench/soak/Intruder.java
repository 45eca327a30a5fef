package io.hairpin.bench.soak;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.ExchangeException;
import io.hairpin.client.TurnClient;
import io.hairpin.client.TurnException;
import io.hairpin.client.load.BrokenPackets;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// A client that means no good. That it is cut off is no failure; that it is served is one.
final class Intruder {
    private static final int PACKETS = 50;

    /// Past what the server and both sockets would hold of answers, several times.
    private static final int FLOOD_BYTES = 4 << 20;

    private static final int SMALL_BUFFER = 4096;
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Place place;
    private final Carrier carrier;
    private final RandomGenerator random;

    Intruder(Place place, Carrier carrier, RandomGenerator random) {
        this.place = place;
        this.carrier = carrier;
        this.random = random;
    }

    void guessPassword() {
        try (TurnClient client = place.client(carrier, random)) {
            client.with(SoakServer.USER, "guess-" + random.nextInt());
            client.allocate(AllocateOptions.udp());
            throw new SoakException("a wrong password was taken for the right one");
        } catch (TurnException refused) {
            if (refused.code() != ErrorCode.UNAUTHENTICATED.code()) {
                throw refused;
            }
        }
    }

    /// The server may end the connection at any time.
    void sendNonsense() {
        BrokenPackets broken = new BrokenPackets(random);
        try (TurnClient client = place.client(carrier, random)) {
            for (int i = 0; i < PACKETS; i++) {
                ByteBuffer packet = broken.next();
                byte[] bytes = new byte[packet.remaining()];
                packet.get(bytes);
                client.sendRaw(bytes);
                Pause.of(LOOK);
            }
        } catch (ExchangeException cutOff) {
            if (!carrier.isStream() || cutOff.reason() != ExchangeException.Reason.CLOSED) {
                throw cutOff;
            }
        }
    }

    /// Asks until the server takes no more, and stays on without reading any answer.
    void neverRead() throws IOException {
        byte[] request =
                StunMessage.request(Method.BINDING, TransactionId.random(random))
                        .fingerprint()
                        .build()
                        .toBytes();
        ByteBuffer requests = ByteBuffer.allocate(request.length * 1000);
        while (requests.hasRemaining()) {
            requests.put(request);
        }
        long end = System.nanoTime() + Math.round(place.stay().toNanos() * random.nextDouble());
        try (SocketChannel channel = SocketChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
            channel.bind(new InetSocketAddress(Place.address(random), 0));
            channel.connect(place.tcp());
            channel.configureBlocking(false);
            flood(channel, requests, end);
        }
    }

    /// The server may end the connection at any time, which shows as an exception in the end.
    private static void flood(SocketChannel channel, ByteBuffer requests, long end)
            throws IOException {
        int left = FLOOD_BYTES;
        while (System.nanoTime() < end) {
            int written = left > 0 ? write(channel, requests) : 0;
            left -= written;
            if (written == 0) {
                Pause.of(LOOK);
            }
        }
    }

    private static int write(SocketChannel channel, ByteBuffer requests) throws IOException {
        if (!requests.hasRemaining()) {
            requests.rewind();
        }
        return channel.write(requests);
    }
}
