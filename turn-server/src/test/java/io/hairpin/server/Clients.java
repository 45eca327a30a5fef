package io.hairpin.server;

import static io.hairpin.server.TestConfiguration.PASSWORD;
import static io.hairpin.server.TestConfiguration.USER;

import io.hairpin.client.TlsOptions;
import io.hairpin.client.Trust;
import io.hairpin.client.TurnClient;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;

import java.net.InetSocketAddress;

/// Clients of a server under test.
final class Clients {

    static final TlsOptions ANY_SERVER = TlsOptions.of(Trust.anyServerInsecurely());

    private Clients() {}

    static TurnClient of(TurnServer server, Transport transport, AddressFamily family) {
        InetSocketAddress address = address(server, transport, family);
        return switch (transport) {
            case UDP -> TurnClient.udp(address).with(USER, PASSWORD);
            case TCP -> TurnClient.tcp(address).with(USER, PASSWORD);
            case TLS -> TurnClient.tls(address, ANY_SERVER).with(USER, PASSWORD);
            case DTLS -> TurnClient.dtls(address, ANY_SERVER).with(USER, PASSWORD);
        };
    }

    static InetSocketAddress address(TurnServer server, Transport transport, AddressFamily family) {
        return server.addresses(transport).stream()
                .filter(each -> AddressFamily.of(each.getAddress()) == family)
                .findFirst()
                .orElseThrow();
    }
}
