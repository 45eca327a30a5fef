package io.hairpin.server;

import static io.hairpin.stun.AddressFamily.IPV4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/// A relayed packet costs the server no memory: neither in our code nor in Netty's event loop.
@Timeout(60)
class NoGarbageIT {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ROUNDS = 5_000;
    private static final long GIGABIT = 125_000_000;
    private static final int WARM_UP_ROUNDS = 10_000;

    /// Timers, the admin endpoint and the compiler may leave a little now and then.
    private static final int TOLERATED_BYTES = ROUNDS;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Round {
        void run() throws Exception;
    }

    @ParameterizedTest
    @EnumSource(AddressFamily.class)
    void dataOnAChannelAndInIndicationsMakesNoObjects(AddressFamily family) throws Exception {
        assumeTrue(SocketKind.NATIVE.isAvailable());
        Set<Thread> others = shardThreads();
        try (TurnServer server =
                        TurnServer.start(
                                TestConfiguration.loopback()
                                        .threads(1)
                                        .bandwidth(GIGABIT) // which is more than passes here
                                        .build(),
                                SocketKind.NATIVE);
                TestPeer onChannel = TestPeer.open(family);
                TestPeer byIndication = TestPeer.open(family);
                TurnClient client = Clients.of(server, Transport.UDP, family)) {
            InetSocketAddress relayed =
                    client.allocate(AllocateOptions.udp().family(family)).relayedAddress();
            client.channelBind(0x4000, onChannel.address());
            client.createPermission(byIndication.address().getAddress());
            byte[] data = new byte[family == IPV4 ? 172 : 171]; // one needs padding
            Thread shard =
                    shardThreads().stream()
                            .filter(thread -> !others.contains(thread))
                            .findFirst()
                            .orElseThrow();

            assertThat(
                            garbage(
                                    shard,
                                    () -> {
                                        client.sendChannel(0x4000, data);
                                        onChannel.receive();
                                        onChannel.send(data, relayed);
                                        assertThat(client.receive(PATIENCE)).isPresent();
                                    }))
                    .isLessThan(TOLERATED_BYTES);
            assertThat(
                            garbage(
                                    shard,
                                    () -> {
                                        client.send(byIndication.address(), data);
                                        byIndication.receive();
                                        byIndication.send(data, relayed);
                                        assertThat(client.receive(PATIENCE)).isPresent();
                                    }))
                    .isLessThan(TOLERATED_BYTES);
        }
    }

    /// What the thread allocates in [#ROUNDS] rounds of two packets, once it is warm.
    private long garbage(Thread shard, Round round) throws Exception {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            round.run();
        }
        long before = threads.getThreadAllocatedBytes(shard.threadId());
        for (int i = 0; i < ROUNDS; i++) {
            round.run();
        }
        return threads.getThreadAllocatedBytes(shard.threadId()) - before;
    }

    private static Set<Thread> shardThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("shard"))
                .collect(Collectors.toUnmodifiableSet());
    }
}
