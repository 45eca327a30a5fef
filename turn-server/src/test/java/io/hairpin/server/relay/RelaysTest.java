package io.hairpin.server.relay;

import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.net.BindFailure;
import io.hairpin.net.Faults;
import io.hairpin.net.HeldPorts;
import io.hairpin.net.PathSignals;
import io.hairpin.net.SocketBuffers;
import io.hairpin.server.core.AllocationId;
import io.hairpin.server.core.Event;
import io.hairpin.server.core.RelaySpec;
import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.stun.TransportAddress;

import org.junit.jupiter.api.Test;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

class RelaysTest {

    private static final AllocationId ONE = new AllocationId(1);
    private static final RelaySpec ANY_4 = new RelaySpec(IPV4, new PortChoice.Any());
    private static final RelaySpec ANY_6 = new RelaySpec(IPV6, new PortChoice.Any());
    private static final RelaySpec PAIR_4 = new RelaySpec(IPV4, new PortChoice.Even(true));
    private static final int PORTS = 100;

    private final List<RelayAddress> both =
            List.of(address("10.0.0.5", "203.0.113.7"), address("fd00::5", "2001:db8::5"));
    private final OpenRelays open = new OpenRelays(both);
    private final RelayAddresses addresses =
            new RelayAddresses(both, 50_000, 50_000 + PORTS - 1, new SplittableRandom(1));
    private final List<Event> answers = new ArrayList<>();

    private final Set<InetSocketAddress> heldNow = new HashSet<>();
    private final HeldPorts held =
            new HeldPorts(
                    address -> {
                        assertThat(heldNow.add(address)).isTrue();
                        return () -> assertThat(heldNow.remove(address)).isTrue();
                    });

    @Test
    void aReservedPortIsHeldUntilItIsClaimed() {
        FakeNetwork network = FakeNetwork.willing();
        Relays relays = relays(network);

        relays.open(ONE, PAIR_4, new SilentClient(), answers::add);

        InetSocketAddress bound = network.tried.getFirst();
        assertThat(heldNow)
                .containsExactly(new InetSocketAddress(bound.getAddress(), bound.getPort() + 1));
        InetSocketAddress reserved =
                Objects.requireNonNull(((Event.RelayOpened) answers.removeFirst()).reserved());
        relays.open(
                new AllocationId(2),
                new RelaySpec(IPV4, new PortChoice.Reserved(reserved)),
                new SilentClient(),
                answers::add);
        assertThat(heldNow).isEmpty();
        relays.close(ONE, IPV4);
        relays.close(new AllocationId(2), IPV4);
        assertNothingIsLeft(network);
    }

    @Test
    void aPairIsGivenUpWhenItsSecondPortCannotBeHeld() {
        List<InetSocketAddress> refused = new ArrayList<>();
        FakeNetwork network = FakeNetwork.willing();
        HeldPorts picky =
                new HeldPorts(
                        address -> {
                            if (refused.size() < 3 && refused.add(address)) {
                                throw new BindException("Address already in use");
                            }
                            return () -> {};
                        });
        Relays relays =
                new Relays(
                        network,
                        addresses,
                        picky,
                        new DataPaths(
                                () -> 0,
                                new SplittableRandom(1),
                                open,
                                SocketBuffers.SYSTEM_DEFAULT,
                                PathSignals.NONE,
                                true),
                        new Faults());

        relays.open(ONE, PAIR_4, new SilentClient(), answers::add);

        assertThat(refused).hasSize(3);
        Event.RelayOpened opened = (Event.RelayOpened) answers.getFirst();
        relays.close(ONE, IPV4);
        relays.release(Objects.requireNonNull(opened.reserved()));
        assertNothingIsLeft(network);
    }

    @Test
    void anOpenedRelayIsToldAsPeersSeeIt() {
        FakeNetwork network = FakeNetwork.willing();
        Relays relays = relays(network);

        relays.open(ONE, ANY_4, new SilentClient(), answers::add);

        InetSocketAddress bound = network.tried.getFirst();
        InetSocketAddress relayed =
                new InetSocketAddress(InetAddress.ofLiteral("203.0.113.7"), bound.getPort());
        assertThat(answers).containsExactly(new Event.RelayOpened(ONE, IPV4, relayed, null));
        assertThat(isOpen(relayed)).isTrue();
        relays.close(ONE, IPV4);
        assertThat(isOpen(relayed)).isFalse();
        assertNothingIsLeft(network);
    }

    @Test
    void portsInUseAreTriedOnlySoOften() {
        FakeNetwork network = FakeNetwork.failing(BindFailure.Kind.IN_USE, _ -> true);

        relays(network).open(ONE, PAIR_4, new SilentClient(), answers::add);

        assertThat(network.tried).hasSize(16);
        assertThat(answers).singleElement().isInstanceOf(Event.RelayFailed.class);
        assertNothingIsLeft(network);
    }

    @Test
    void aPortInUseIsFollowedByAnother() {
        List<InetSocketAddress> refused = new ArrayList<>();
        FakeNetwork network =
                FakeNetwork.failing(
                        BindFailure.Kind.IN_USE,
                        address -> refused.size() < 3 && refused.add(address));
        Relays relays = relays(network);

        relays.open(ONE, PAIR_4, new SilentClient(), answers::add);

        assertThat(network.tried).hasSize(4);
        Event.RelayOpened opened = (Event.RelayOpened) answers.getFirst();
        relays.close(ONE, IPV4);
        relays.release(Objects.requireNonNull(opened.reserved()));
        assertNothingIsLeft(network);
    }

    @Test
    void otherFailuresAreNotTriedAgain() {
        FakeNetwork network = FakeNetwork.failing(BindFailure.Kind.OTHER, _ -> true);

        relays(network).open(ONE, ANY_4, new SilentClient(), answers::add);

        assertThat(network.tried).hasSize(1);
        assertThat(answers).singleElement().isInstanceOf(Event.RelayFailed.class);
        assertNothingIsLeft(network);
    }

    @Test
    void aMistakeInOpeningIsAFailureToo() {
        FakeNetwork network = FakeNetwork.broken();

        relays(network).open(ONE, PAIR_4, new SilentClient(), answers::add);

        assertThat(answers).singleElement().isInstanceOf(Event.RelayFailed.class);
        assertNothingIsLeft(network);
    }

    @Test
    void aReservedPortThatIsGoneIsNotReplacedByAnother() {
        Relays relays = relays(FakeNetwork.willing());
        relays.open(ONE, PAIR_4, new SilentClient(), answers::add);
        InetSocketAddress reserved =
                Objects.requireNonNull(((Event.RelayOpened) answers.removeFirst()).reserved());
        relays.close(ONE, IPV4);
        FakeNetwork taken = FakeNetwork.failing(BindFailure.Kind.IN_USE, _ -> true);

        relays(taken)
                .open(
                        new AllocationId(2),
                        new RelaySpec(IPV4, new PortChoice.Reserved(reserved)),
                        new SilentClient(),
                        answers::add);

        assertThat(taken.tried).hasSize(1);
        assertThat(answers).singleElement().isInstanceOf(Event.RelayFailed.class);
        assertNothingIsLeft(taken);
    }

    @Test
    void withoutAFreePortTheAnswerIsAFailureAtOnce() {
        for (int i = 0; i < PORTS; i++) {
            addresses.lease(ANY_4);
        }
        FakeNetwork network = FakeNetwork.willing();

        relays(network).open(ONE, ANY_4, new SilentClient(), answers::add);

        assertThat(network.tried).isEmpty();
        assertThat(answers).singleElement().isInstanceOf(Event.RelayFailed.class);
    }

    @Test
    void aFamilyThatFailsFirstDoesNotTakeTheOtherAlong() {
        FakeNetwork network =
                FakeNetwork.failing(
                        BindFailure.Kind.OTHER,
                        address -> address.getAddress() instanceof java.net.Inet4Address);
        network.later = true;
        Relays relays = relays(network);
        relays.open(ONE, ANY_4, new SilentClient(), answers::add);
        relays.open(ONE, ANY_6, new SilentClient(), answers::add);

        network.complete();

        assertThat(answers).hasSize(2);
        assertThat(answers.getFirst()).isInstanceOf(Event.RelayFailed.class);
        assertThat(answers.getLast()).isInstanceOf(Event.RelayOpened.class);
        relays.close(ONE, IPV6);
        assertNothingIsLeft(network);
    }

    @Test
    void overManyAllocationsNothingIsLeftBehind() {
        SplittableRandom random = new SplittableRandom(9);
        FakeNetwork network =
                FakeNetwork.failing(BindFailure.Kind.IN_USE, _ -> random.nextInt(3) == 0);
        Relays relays = relays(network);
        List<Event.RelayOpened> opened = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            RelaySpec spec = List.of(ANY_4, ANY_6, PAIR_4).get(random.nextInt(3));
            relays.open(new AllocationId(i), spec, new SilentClient(), answers::add);
            if (answers.removeFirst() instanceof Event.RelayOpened event) {
                opened.add(event);
            }
            if (opened.size() > 60 || (!opened.isEmpty() && random.nextBoolean())) {
                close(relays, opened.remove(random.nextInt(opened.size())));
            }
        }
        opened.forEach(event -> close(relays, event));

        assertNothingIsLeft(network);
    }

    private static void close(Relays relays, Event.RelayOpened event) {
        relays.close(event.allocation(), event.family());
        if (event.reserved() != null) {
            relays.release(event.reserved());
        }
    }

    private void assertNothingIsLeft(FakeNetwork network) {
        assertThat(heldNow).isEmpty();
        assertThat(network.open).isEmpty();
        assertThat(addresses.freePorts()).isEqualTo(2 * PORTS);
    }

    private boolean isOpen(InetSocketAddress relayed) {
        TransportAddress address = TransportAddress.of(relayed);
        return open.contains(address.high(), address.low(), address.port());
    }

    private Relays relays(FakeNetwork network) {
        return new Relays(
                network,
                addresses,
                held,
                new DataPaths(
                        () -> 0,
                        new SplittableRandom(1),
                        open,
                        SocketBuffers.SYSTEM_DEFAULT,
                        PathSignals.NONE,
                        true),
                new Faults());
    }

    private static RelayAddress address(String bind, String advertise) {
        return new RelayAddress(InetAddress.ofLiteral(bind), InetAddress.ofLiteral(advertise));
    }
}
