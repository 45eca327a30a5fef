package io.hairpin.server.relay;

import io.hairpin.net.AcceptFailures;
import io.hairpin.net.BindFailure;
import io.hairpin.net.Faults;
import io.hairpin.net.Outcomes;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Allocation;
import io.hairpin.server.core.AllocationId;
import io.hairpin.server.core.ConnectionId;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.Event;
import io.hairpin.server.core.RelaySpec;
import io.hairpin.server.core.StreamBandwidth;
import io.hairpin.stun.AddressFamily;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;

import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The TCP relays of one shard (RFC 6062): opens and closes the sockets that peers connect to, as
/// the core says. Used on the shard's event loop only. Their number is bounded by the quota of
/// allocations.
public final class TcpRelays {

    /// How many ports are tried when other programs have them.
    private static final int MAX_ATTEMPTS = 16;

    /// Peers that wait to be accepted.
    private static final int BACKLOG = 64;

    /// A relay that peers can connect to.
    private record Listening(Channel channel, RelayAddresses.Lease lease) {}

    /// What an allocation has.
    private static final class Site {
        final ClientLink client;
        final Map<AddressFamily, Listening> relays = new EnumMap<>(AddressFamily.class);
        StreamBandwidth bandwidth = StreamBandwidth.NONE;

        Site(ClientLink client) {
            this.client = client;
        }

        TcpPeers.Origin origin(Consumer<? super Event> events) {
            return new TcpPeers.Origin(client.traffic(), bandwidth, events);
        }
    }

    private final SocketKind sockets;
    private final EventLoop loop;
    private final RelayAddresses addresses;
    private final DataPaths shared;
    private final TcpPeers peers;
    private final Faults faults;
    private final Map<AllocationId, Site> sites = new HashMap<>();

    /// @param shared whose open relays are those of TCP alone
    public TcpRelays(
            SocketKind sockets,
            EventLoop loop,
            RelayAddresses addresses,
            DataPaths shared,
            TcpPeers peers,
            Faults faults) {
        this.sockets = sockets;
        this.loop = loop;
        this.addresses = addresses;
        this.shared = shared;
        this.peers = peers;
        this.faults = faults;
    }

    /// The connections with the peers of these relays.
    public TcpPeers peers() {
        return peers;
    }

    /// Opens a relay and passes on what came of it, now or later.
    public void open(
            AllocationId allocation,
            RelaySpec spec,
            ClientLink client,
            Consumer<? super Event> answer) {
        sites.computeIfAbsent(allocation, _ -> new Site(client));
        attempt(new Opening(allocation, spec, answer), 1);
    }

    private record Opening(
            AllocationId allocation, RelaySpec spec, Consumer<? super Event> answer) {}

    private void attempt(Opening opening, int attempt) {
        Optional<RelayAddresses.Lease> lease = addresses.lease(opening.spec());
        if (lease.isEmpty()) {
            fail(opening, "no free port for " + opening.spec());
            return;
        }
        InetSocketAddress bind = lease.get().bind();
        new ServerBootstrap()
                .group(loop, loop)
                .channelFactory(sockets.serverChannels(bind.getAddress()))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .handler(new AcceptFailures(_ -> notAccepted(opening.allocation())))
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Door(opening.allocation(), opening.answer()))
                .bind(bind)
                .addListener(
                        Outcomes.on(loop, bound -> bound(opening, lease.get(), attempt, bound)));
    }

    private void notAccepted(AllocationId allocation) {
        Site site = sites.get(allocation);
        if (site != null) {
            site.client.traffic().dropped(DropReason.CONNECTION_LIMIT);
        }
    }

    private void bound(
            Opening opening, RelayAddresses.Lease lease, int attempt, ChannelFuture bound) {
        if (!bound.isSuccess()) {
            addresses.release(lease.relayed());
            BindFailure failure = BindFailure.of(bound.cause());
            if (failure.kind() == BindFailure.Kind.IN_USE && attempt < MAX_ATTEMPTS) {
                attempt(opening, attempt + 1);
            } else {
                fail(opening, "no relay on " + lease.bind() + ": " + failure.detail());
            }
            return;
        }
        sockets.shareStreams(bound.channel());
        AddressFamily family = opening.spec().family();
        site(opening.allocation()).relays.put(family, new Listening(bound.channel(), lease));
        shared.open().opened(lease.relayed());
        opening.answer()
                .accept(new Event.RelayOpened(opening.allocation(), family, lease.relayed(), null));
    }

    private void fail(Opening opening, String reason) {
        forgetIfUnused(opening.allocation());
        opening.answer()
                .accept(
                        new Event.RelayFailed(
                                opening.allocation(), opening.spec().family(), reason));
    }

    /// What the client of an allocation has to send its data by: none goes through a TCP relay.
    public DataPath start(Allocation allocation) {
        Site site = site(allocation.id());
        site.bandwidth = allocation.streams();
        DataPath path = new DataPath(site.client, shared);
        path.start(allocation);
        return path;
    }

    /// Closes a relay, if it is one of these; its port is free once the socket is gone.
    public boolean close(AllocationId allocation, AddressFamily family) {
        Site site = sites.get(allocation);
        Listening relay = site == null ? null : site.relays.remove(family);
        if (relay == null) {
            return false;
        }
        forgetIfUnused(allocation);
        InetSocketAddress relayed = relay.lease().relayed();
        shared.open().closed(relayed);
        relay.channel().close().addListener(_ -> addresses.release(relayed));
        return true;
    }

    /// Connects a relay to a peer.
    public void connect(
            AllocationId allocation,
            ConnectionId id,
            InetSocketAddress peer,
            Consumer<? super Event> answer) {
        Site site = site(allocation);
        Listening relay = site.relays.get(AddressFamily.of(peer.getAddress()));
        if (relay == null) {
            throw new IllegalStateException("no relay towards " + peer);
        }
        peers.connect(id, relay.lease().bind(), shared.open().real(peer), site.origin(answer));
    }

    private Site site(AllocationId allocation) {
        Site site = sites.get(allocation);
        if (site == null) {
            throw new IllegalStateException("no TCP relay was opened for " + allocation);
        }
        return site;
    }

    private void forgetIfUnused(AllocationId allocation) {
        Site site = sites.get(allocation);
        if (site != null && site.relays.isEmpty()) {
            sites.remove(allocation);
        }
    }

    /// Where peers come in.
    private final class Door extends ChannelInitializer<Channel> {

        private final AllocationId allocation;
        private final Consumer<? super Event> events;

        Door(AllocationId allocation, Consumer<? super Event> events) {
            this.allocation = allocation;
            this.events = events;
        }

        @Override
        protected void initChannel(Channel channel) {
            Site site = sites.get(allocation);
            InetSocketAddress from = (InetSocketAddress) channel.remoteAddress();
            if (site == null || from == null) {
                channel.close();
                return;
            }
            peers.arrived(allocation, channel, shared.open().known(from), site.origin(events));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            faults.report("accepting a peer", cause);
            context.close();
        }
    }
}
