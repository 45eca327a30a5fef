package io.hairpin.server;

import io.hairpin.net.Faults;
import io.hairpin.net.IoLoop;
import io.hairpin.net.PathSignals;
import io.hairpin.net.SocketBuffers;
import io.hairpin.net.SocketKind;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.relay.DataPaths;
import io.hairpin.server.relay.OpenRelays;
import io.hairpin.server.relay.PeerStreams;
import io.hairpin.server.relay.RelayAddress;
import io.hairpin.server.relay.RelayAddresses;
import io.hairpin.server.relay.TcpPeers;
import io.hairpin.server.relay.TcpRelays;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/// Makes the TCP relays of the shards (RFC 6062), with what they share.
///
/// @param open those that are open now
record TcpPlan(SocketKind sockets, Duration connectTimeout, OpenRelays open, PeerStreams streams) {

    static TcpPlan of(
            Configuration configuration,
            SocketKind sockets,
            List<RelayAddress> addresses,
            LongSupplier clock) {
        if (configuration.relay().tcp() && !sockets.sharesStreams()) {
            throw new StartupException(
                    "relay.tcp: this system does not let TCP sockets share a port, which RFC 6062"
                            + " needs; remove it");
        }
        return new TcpPlan(
                sockets,
                configuration.limits().peerConnectTimeout(),
                new OpenRelays(addresses),
                new PeerStreams(configuration.limits().tcpIdleTimeout(), clock));
    }

    TcpRelays on(IoLoop loop, RelayAddresses addresses, Faults faults) {
        DataPaths paths = // which carry nothing
                new DataPaths(
                        loop.clock(),
                        new SplittableRandom(0),
                        open,
                        SocketBuffers.SYSTEM_DEFAULT,
                        PathSignals.NONE,
                        false);
        TcpPeers peers = new TcpPeers(sockets, loop.loop(), streams, connectTimeout, faults);
        return new TcpRelays(sockets, loop.loop(), addresses, paths, peers, faults);
    }
}
