package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;

/// Somebody on the internet that clients talk to: answers most of what it gets, and now and then
/// sends something from another port.
final class SimulatedPeer {

    /// Payloads say where they are meant to go, or where they come from, for the other end to
    /// check.
    static final String TO = "to ";

    static final String FROM = "from ";

    private final Simulation simulation;
    private final VirtualNetwork network;
    private final InetSocketAddress address;
    private final Tally tally;
    private final RandomGenerator random;
    private boolean here = true;

    SimulatedPeer(
            Simulation simulation, VirtualNetwork network, InetSocketAddress address, Tally tally) {
        this.simulation = simulation;
        this.network = network;
        this.address = address;
        this.tally = tally;
        random = simulation.randomness();
        network.attach(address, this::received);
    }

    InetSocketAddress address() {
        return address;
    }

    private void received(InetSocketAddress from, InetSocketAddress to, byte[] payload) {
        tally.count("peer reached");
        String text = new String(payload, US_ASCII);
        assertThat(text).isIn("", TO + address);
        if (random.nextInt(4) > 0) {
            send(from);
        }
        if (random.nextInt(8) == 0) {
            simulation.after(random.nextLong(60_000_000_000L), () -> send(from));
        }
    }

    /// Is not there for a while: what is sent to it meanwhile finds nobody.
    void vanish(long nanos) {
        if (here) {
            here = false;
            network.detach(address);
            tally.count("peer vanished");
            simulation.after(
                    nanos,
                    () -> {
                        here = true;
                        network.attach(address, this::received);
                    });
        }
    }

    /// Sends to what may be a relay.
    void send(InetSocketAddress relayed) {
        if (!here) {
            return;
        }
        boolean otherPort = random.nextInt(5) == 0;
        InetSocketAddress source =
                otherPort
                        ? new InetSocketAddress(address.getAddress(), address.getPort() + 1)
                        : address;
        network.send(source, relayed, (FROM + source).getBytes(US_ASCII));
    }
}
