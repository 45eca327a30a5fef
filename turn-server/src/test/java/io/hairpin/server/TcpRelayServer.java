package io.hairpin.server;

import static io.hairpin.server.TestConfiguration.PASSWORD;
import static io.hairpin.server.TestConfiguration.USER;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.ClientOptions;
import io.hairpin.client.DataConnection;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.PeersConfig;
import io.hairpin.server.config.PortRange;
import io.hairpin.server.config.RelayConfig;
import io.hairpin.server.config.TcpPeersConfig;
import io.hairpin.server.config.TlsConfig;
import io.hairpin.server.core.Cidr;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;

import java.net.InetSocketAddress;
import java.util.List;

/// A server on loopback that has TCP relays, plain and over TLS.
record TcpRelayServer(TurnServer server) implements AutoCloseable {

    static TcpRelayServer start(SocketKind kind) {
        return start(TestConfiguration.loopback().bandwidth(0), kind); // as much as comes
    }

    static TcpRelayServer start(TestConfiguration rest, SocketKind kind) {
        Configuration base = rest.build();
        RelayConfig relay = base.relay();
        TcpPeersConfig loopback =
                new TcpPeersConfig(
                        List.of(
                                Cidr.parse("127.0.0.0/8").orElseThrow(),
                                Cidr.parse("::1/128").orElseThrow()),
                        List.of(),
                        List.of(new PortRange(1024, 65535)));
        return new TcpRelayServer(
                TurnServer.start(
                        new Configuration(
                                base.realm(),
                                base.listeners(),
                                TlsConfig.tryOut(),
                                base.proxyProtocol(),
                                base.httpBackend(),
                                new RelayConfig(
                                        relay.addresses(),
                                        relay.ports(),
                                        relay.threads(),
                                        true,
                                        relay.mobility()),
                                base.sockets(),
                                base.authentication(),
                                new PeersConfig(List.of(), List.of(), loopback),
                                base.limits(),
                                base.natDiscovery(),
                                base.redirect(),
                                base.realms(),
                                base.compatibility(),
                                base.admin(),
                                base.log()),
                        kind));
    }

    /// A client with a TCP relay.
    Allocated allocate(Transport transport, AddressFamily family) {
        TurnClient client = Clients.of(server, transport, family);
        InetSocketAddress relayed =
                client.allocate(AllocateOptions.tcp().family(family)).relayedAddress();
        return new Allocated(this, transport, family, client, relayed);
    }

    record Allocated(
            TcpRelayServer on,
            Transport transport,
            AddressFamily family,
            TurnClient client,
            InetSocketAddress relayed)
            implements AutoCloseable {

        DataConnection bind(long connectionId) {
            InetSocketAddress address = Clients.address(on.server(), transport, family);
            return transport == Transport.TLS
                    ? DataConnection.tls(
                            address,
                            Clients.ANY_SERVER,
                            ClientOptions.STANDARD,
                            USER,
                            PASSWORD,
                            connectionId)
                    : DataConnection.tcp(
                            address, ClientOptions.STANDARD, USER, PASSWORD, connectionId);
        }

        @Override
        public void close() {
            client.close();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
