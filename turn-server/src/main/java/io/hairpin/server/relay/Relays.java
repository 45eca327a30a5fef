package io.hairpin.server.relay;

import io.hairpin.net.BindFailure;
import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.DatagramHandler;
import io.hairpin.net.DatagramNetwork;
import io.hairpin.net.DatagramNetwork.PortUse;
import io.hairpin.net.Faults;
import io.hairpin.net.HeldPorts;
import io.hairpin.net.Opened;
import io.hairpin.server.core.Allocation;
import io.hairpin.server.core.AllocationId;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.Event;
import io.hairpin.server.core.RelaySpec;
import io.hairpin.server.core.RelaySpec.PortChoice;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.IcmpError;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The relays of one shard: opens and closes their sockets as the core says. Used on the shard's
/// event loop only. Their number is bounded by the quota of allocations.
public final class Relays {

    /// How many ports are tried when other programs have them.
    private static final int MAX_ATTEMPTS = 16;

    private final DatagramNetwork network;
    private final RelayAddresses addresses;
    private final HeldPorts held;
    private final DataPaths shared;
    private final Faults faults;
    private final Map<AllocationId, DataPath> paths = new HashMap<>();

    public Relays(
            DatagramNetwork network,
            RelayAddresses addresses,
            HeldPorts held,
            DataPaths shared,
            Faults faults) {
        this.network = network;
        this.addresses = addresses;
        this.held = held;
        this.shared = shared;
        this.faults = faults;
    }

    /// Opens a relay and passes on what came of it, now or later.
    public void open(
            AllocationId allocation,
            RelaySpec spec,
            ClientLink client,
            Consumer<? super Event> answer) {
        DataPath path = paths.computeIfAbsent(allocation, _ -> new DataPath(client, shared));
        attempt(new Opening(allocation, spec, path, answer), 1);
    }

    /// Lets data flow through an allocation whose relays are open.
    public DataPath start(Allocation allocation) {
        DataPath path = path(allocation.id());
        path.start(allocation);
        return path;
    }

    /// The path by which an allocation's client may send that has not done so yet.
    ///
    /// @param arrived what to do before its first data is relayed
    public ClientPath arriving(AllocationId allocation, Runnable arrived) {
        return new ArrivingPath(path(allocation), arrived);
    }

    /// Has what peers send go to the client by that link from now on.
    public ClientPath moved(AllocationId allocation, ClientLink to) {
        DataPath path = path(allocation);
        path.client(to);
        return path;
    }

    /// Notes that nothing can be sent to the client for now.
    public void away(AllocationId allocation) {
        DataPath path = path(allocation);
        path.client(new AbsentClient(path.client().traffic()));
    }

    private DataPath path(AllocationId allocation) {
        DataPath path = paths.get(allocation);
        if (path == null) {
            throw new IllegalStateException("no relay was opened for " + allocation);
        }
        return path;
    }

    /// Closes a relay; its port is free once the socket is gone.
    public void close(AllocationId allocation, AddressFamily family) {
        DataPath path = paths.get(allocation);
        RelaySocket relay = path == null ? null : path.relay(family);
        if (path == null || relay == null) {
            throw new IllegalStateException("no relay of " + family + " for " + allocation);
        }
        path.relay(family, null);
        forgetIfUnused(allocation, path);
        shared.open().closed(relay.relayed());
        relay.endpoint()
                .close()
                .thenRun(() -> addresses.release(relay.relayed()))
                .exceptionally(this::report);
    }

    /// Frees the port of a reservation that nobody claimed.
    public void release(InetSocketAddress relayed) {
        held.letGo(addresses.bound(relayed));
        addresses.release(relayed);
    }

    /// A relay on its way.
    private record Opening(
            AllocationId allocation,
            RelaySpec spec,
            DataPath path,
            Consumer<? super Event> answer) {

        AddressFamily family() {
            return spec.family();
        }
    }

    private void attempt(Opening opening, int attempt) {
        Optional<RelayAddresses.Lease> lease = addresses.lease(opening.spec());
        if (lease.isEmpty()) {
            fail(opening, "no free port for " + opening.spec());
            return;
        }
        RelayAddresses.Lease taken = lease.get();
        Optional<BindFailure> unheld = hold(taken);
        if (unheld.isPresent()) {
            retry(opening, taken, unheld.get(), attempt);
            return;
        }
        RelayHandler handler =
                new RelayHandler(opening.allocation(), opening.path(), opening.answer());
        network.open(
                        new DatagramNetwork.Spec(
                                taken.bind(), PortUse.ALONE, shared.buffers(), shared.signals()),
                        handler)
                .exceptionally(this::broken)
                .thenAccept(
                        opened -> {
                            switch (opened) {
                                case Opened.Bound(DatagramEndpoint endpoint) ->
                                        succeed(
                                                opening,
                                                taken,
                                                new RelaySocket(
                                                        endpoint, taken.relayed(), handler));
                                case Opened.Failed(BindFailure failure) ->
                                        retry(opening, taken, failure, attempt);
                            }
                        })
                .exceptionally(this::report);
    }

    /// Keeps the port that is reserved along with this one, and hands over one that was kept.
    private Optional<BindFailure> hold(RelayAddresses.Lease lease) {
        held.letGo(lease.bind());
        return lease.reserved() == null
                ? Optional.empty()
                : held.hold(addresses.bound(lease.reserved()));
    }

    private void succeed(Opening opening, RelayAddresses.Lease lease, RelaySocket relay) {
        opening.path().relay(opening.family(), relay);
        paths.put(opening.allocation(), opening.path()); // forgotten if the other family failed
        shared.open().opened(lease.relayed());
        opening.answer()
                .accept(
                        new Event.RelayOpened(
                                opening.allocation(),
                                opening.family(),
                                lease.relayed(),
                                lease.reserved()));
    }

    private void retry(
            Opening opening, RelayAddresses.Lease lease, BindFailure failure, int attempt) {
        addresses.release(lease.relayed());
        if (lease.reserved() != null) {
            release(lease.reserved());
        }
        boolean another =
                failure.kind() == BindFailure.Kind.IN_USE
                        && attempt < MAX_ATTEMPTS
                        && !(opening.spec().port() instanceof PortChoice.Reserved);
        if (another) {
            attempt(opening, attempt + 1);
        } else {
            fail(opening, "no relay on " + lease.bind() + ": " + failure.detail());
        }
    }

    private void fail(Opening opening, String reason) {
        forgetIfUnused(opening.allocation(), opening.path());
        opening.answer()
                .accept(new Event.RelayFailed(opening.allocation(), opening.family(), reason));
    }

    /// A mistake of ours in opening a socket must not leave the core waiting.
    private Opened broken(Throwable fault) {
        report(fault);
        return new Opened.Failed(new BindFailure(BindFailure.Kind.OTHER, "internal error"));
    }

    private @Nullable Void report(Throwable fault) {
        faults.report("opening or closing a relay", fault);
        return null;
    }

    private void forgetIfUnused(AllocationId allocation, DataPath path) {
        if (path.relay(AddressFamily.IPV4) == null && path.relay(AddressFamily.IPV6) == null) {
            paths.remove(allocation);
        }
    }

    /// What peers send to one relay.
    private final class RelayHandler implements DatagramHandler {

        private final AllocationId allocation;
        private final DataPath path;
        private final Consumer<? super Event> core;

        RelayHandler(AllocationId allocation, DataPath path, Consumer<? super Event> core) {
            this.allocation = allocation;
            this.path = path;
            this.core = core;
        }

        @Override
        public void received(DatagramEndpoint on, Datagram datagram) {
            path.fromPeer(datagram);
        }

        @Override
        public void unsent(int datagrams) {
            path.drop(DropReason.SEND_FAILED, datagrams);
        }

        @Override
        public void overrun(long datagrams) {
            path.drop(DropReason.OVERRUN, datagrams);
        }

        @Override
        public void icmp(InetSocketAddress destination, IcmpError error) {
            InetSocketAddress peer = shared.open().named(destination);
            core.accept(new Event.IcmpReceived(allocation, peer, error));
        }

        @Override
        public void failed(Throwable cause) {
            faults.report("relaying from a peer", cause);
        }
    }
}
