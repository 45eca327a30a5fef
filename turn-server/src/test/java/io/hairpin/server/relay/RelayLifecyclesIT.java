package io.hairpin.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.Faults;
import io.hairpin.net.HeldPorts;
import io.hairpin.net.IoLoop;
import io.hairpin.net.IoLoops;
import io.hairpin.net.PathSignals;
import io.hairpin.net.SocketBuffers;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.AllocationId;
import io.hairpin.server.core.Event;
import io.hairpin.server.core.RelaySpec;
import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.stun.AddressFamily;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Relays with real sockets are opened and closed in every order, while other programs have some of
/// the ports and the rest run out: descriptors and ports end where they began.
@Timeout(120)
class RelayLifecyclesIT {

    private static final InetAddress IPV4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress IPV6 = InetAddress.ofLiteral("::1");
    private static final int PORTS = 60;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @ParameterizedTest
    @CsvSource({"NATIVE, 100000", "EPOLL, 5000"})
    void nothingIsLeftBehind(SocketKind kind, int lifecycles) throws Exception {
        assumeTrue(kind.isAvailable());
        int firstPort = freeRange();
        IoLoops loops = IoLoops.start(kind, 1, Thread.ofPlatform().factory());
        try (DatagramSocket stranger4 = socket(IPV4, firstPort + 6);
                DatagramSocket stranger6 = socket(IPV6, firstPort + 20)) {
            Churn churn = new Churn(kind, loops.all().getFirst(), firstPort);
            churn.run(200); // whatever is opened once and for good
            long before = descriptors();
            churn.run(lifecycles);

            assertThat(churn.opened).isGreaterThan(lifecycles / 2);
            assertThat(churn.failed).as("binds that failed").isGreaterThan(lifecycles / 100);
            assertThat(churn.addresses.freePorts()).isEqualTo(2 * PORTS);
            assertThat(descriptors()).isEqualTo(before);
            assertThat(stranger4.isBound() && stranger6.isBound()).isTrue();
        } finally {
            loops.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /// Opens and closes relays at random on an event loop, one step after the other.
    private static final class Churn {

        private final IoLoop loop;
        private final DatagramNetwork network;
        private final RelayAddresses addresses;
        private final Relays relays;
        private final SplittableRandom random = new SplittableRandom(7);
        private final List<Event.RelayOpened> open = new ArrayList<>();
        private final List<InetSocketAddress> reserved = new ArrayList<>();
        private long next;
        private int opened;
        private int failed;

        Churn(SocketKind kind, IoLoop loop, int firstPort) {
            this.loop = loop;
            network = kind.network(loop);
            List<RelayAddress> both =
                    List.of(new RelayAddress(IPV4, IPV4), new RelayAddress(IPV6, IPV6));
            addresses = new RelayAddresses(both, firstPort, firstPort + PORTS - 1, random);
            DataPaths paths =
                    new DataPaths(
                            () -> 0,
                            random,
                            new OpenRelays(both),
                            SocketBuffers.SYSTEM_DEFAULT,
                            new PathSignals(true, true, true),
                            true);
            relays = new Relays(network, addresses, new HeldPorts(), paths, new Faults());
        }

        /// Opens that many relays, and closes all in the end.
        void run(int lifecycles) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            loop.loop().execute(() -> step(lifecycles, done));
            done.join();
        }

        private void step(int left, CompletableFuture<Void> done) {
            try {
                if (left > 0 && random.nextInt(100) < 60) {
                    relays.open(
                            new AllocationId(next++),
                            spec(),
                            new SilentClient(),
                            event -> {
                                answered(event);
                                again(left - 1, done);
                            });
                } else if (!open.isEmpty()) {
                    Event.RelayOpened closing = open.remove(random.nextInt(open.size()));
                    relays.close(closing.allocation(), closing.family());
                    again(left, done);
                } else if (left > 0) {
                    again(left, done);
                } else {
                    reserved.forEach(relays::release);
                    reserved.clear();
                    done.complete(null);
                }
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        }

        private void again(int left, CompletableFuture<Void> done) {
            loop.loop().execute(() -> step(left, done));
        }

        private RelaySpec spec() {
            AddressFamily family = random.nextBoolean() ? AddressFamily.IPV4 : AddressFamily.IPV6;
            if (!reserved.isEmpty() && random.nextBoolean()) {
                InetSocketAddress claimed = reserved.remove(random.nextInt(reserved.size()));
                return new RelaySpec(
                        AddressFamily.of(claimed.getAddress()), new PortChoice.Reserved(claimed));
            }
            return new RelaySpec(
                    family,
                    switch (random.nextInt(4)) {
                        case 0 -> new PortChoice.Even(true);
                        case 1 -> new PortChoice.Even(false);
                        default -> new PortChoice.Any();
                    });
        }

        private void answered(Event event) {
            if (event instanceof Event.RelayOpened success) {
                opened++;
                open.add(success);
                if (success.reserved() != null) {
                    reserved.add(success.reserved());
                }
            } else {
                failed++;
            }
        }
    }

    private static int freeRange() {
        for (int first = 30_000; first < 60_000; first += PORTS) {
            if (isFree(first)) {
                return first;
            }
        }
        throw new IllegalStateException("no free range");
    }

    private static boolean isFree(int first) {
        for (int port = first; port < first + PORTS; port++) {
            try (DatagramSocket four = socket(IPV4, port);
                    DatagramSocket six = socket(IPV6, port)) {
                assertThat(four.isBound() && six.isBound()).isTrue();
            } catch (SocketException e) {
                return false;
            }
        }
        return true;
    }

    private static DatagramSocket socket(InetAddress address, int port) throws SocketException {
        return new DatagramSocket(new InetSocketAddress(address, port));
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.count();
        }
    }
}
