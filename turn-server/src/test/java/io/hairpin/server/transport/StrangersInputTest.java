package io.hairpin.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.hairpin.net.Datagram;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.Transport;
import io.hairpin.server.relay.ClientPath;
import io.hairpin.server.relay.Traffic;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.SendIndication;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What is refused before it is decoded.
class StrangersInputTest {

    private static final InetSocketAddress SERVER = new InetSocketAddress("198.51.100.1", 3478);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 6000);
    private static final TransactionId ID = TransactionId.of(1, 2);
    private static final int ROUNDS = 100_000;

    private final Recorder recorder = new Recorder();
    private final ClientInput input = new ClientInput(SERVER, recorder, recorder);
    private final StunMessage bare =
            StunMessage.request(Method.ALLOCATE, ID)
                    .with(Attributes.REQUESTED_TRANSPORT, 17)
                    .build();
    private final StunMessage binding = StunMessage.request(Method.BINDING, ID).build();
    private final StunMessage signed =
            StunMessage.request(Method.ALLOCATE, ID)
                    .integrity(Integrity.SHA1, IntegrityKey.shortTerm("secret"))
                    .build();

    @Test
    void aBareRequestThatWouldGoUnansweredIsDroppedForThatReason() {
        recorder.refusal = DropReason.UNAUTHENTICATED_PER_NETWORK;
        input.received(datagram(bare), null, null);
        input.received(datagram(binding), null, null);

        assertThat(recorder.dropped)
                .containsExactly(
                        DropReason.UNAUTHENTICATED_PER_NETWORK,
                        DropReason.UNAUTHENTICATED_PER_NETWORK);
        assertThat(recorder.received).isEmpty();
        assertThat(recorder.asked).containsOnly(TransportAddress.of(CLIENT).low());
    }

    @Test
    void whatMayBeAnsweredIsDecoded() {
        input.received(datagram(bare), null, null);
        recorder.refusal = DropReason.UNAUTHENTICATED_PER_SOURCE;
        input.received(datagram(signed), null, null);

        assertThat(recorder.received).containsExactly(bare, signed);
        assertThat(recorder.dropped).isEmpty();
    }

    @Test
    void whoIsConnectedProxiedOrHasAnAllocationIsNotLookedAt() {
        recorder.refusal = DropReason.UNAUTHENTICATED_PER_SOURCE;
        FiveTuple connected = new FiveTuple(Transport.DTLS, CLIENT, SERVER);
        FiveTuple proxied =
                new FiveTuple(Transport.UDP, CLIENT, SERVER, new InetSocketAddress("10.0.0.1", 1));
        input.received(datagram(bare), connected, null);
        input.received(datagram(bare), proxied, null);
        input.received(datagram(bare), null, new Path());

        assertThat(recorder.received).containsExactly(bare, bare, bare);
        assertThat(recorder.asked).isEmpty();
    }

    @Test
    void refusingMakesNoObjects() {
        Counter counter = new Counter();
        ClientInput counted = new ClientInput(SERVER, counter, counter);
        Datagram datagram = datagram(bare);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < ROUNDS; i++) {
            counted.received(datagram, null, null);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            counted.received(datagram, null, null);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ROUNDS);
        assertThat(counter.drops).isEqualTo(2 * ROUNDS);
    }

    private static Datagram datagram(StunMessage message) {
        Datagram datagram = new Datagram();
        datagram.wrap(ByteBuffer.wrap(message.toBytes()));
        TransportAddress client = TransportAddress.of(CLIENT);
        datagram.from(client.high(), client.low(), client.port());
        return datagram;
    }

    private static final class Path implements ClientPath {

        @Override
        public void channelData(Datagram frame) {}

        @Override
        public void send(Datagram frame, SendIndication send) {}
    }

    /// Refuses everything.
    private static class Counter implements Control, Traffic {

        int drops;

        @Override
        public @Nullable DropReason refusal(long high, long low) {
            return DropReason.UNAUTHENTICATED_IN_ALL;
        }

        @Override
        public void received(FiveTuple from, StunMessage message) {}

        @Override
        public void connected(FiveTuple client, ConnectedClient link) {}

        @Override
        public void closed(FiveTuple client, ConnectedClient link) {}

        @Override
        public void relayedToPeer(int bytes) {}

        @Override
        public void relayedToClient(int bytes) {}

        @Override
        public void dropped(DropReason reason, long packets) {
            drops++;
        }

        @Override
        public void refused(RefusalReason reason) {}
    }

    private static final class Recorder extends Counter {

        final List<StunMessage> received = new ArrayList<>();
        final List<DropReason> dropped = new ArrayList<>();
        final List<Long> asked = new ArrayList<>();
        @Nullable DropReason refusal;

        @Override
        public @Nullable DropReason refusal(long high, long low) {
            asked.add(low);
            return refusal;
        }

        @Override
        public void received(FiveTuple from, StunMessage message) {
            received.add(message);
        }

        @Override
        public void dropped(DropReason reason, long packets) {
            dropped.add(reason);
        }
    }
}
