package io.hairpin.bench.soak;

import io.hairpin.client.ClientOptions;
import io.hairpin.client.Retransmission;
import io.hairpin.client.TlsOptions;
import io.hairpin.client.Trust;
import io.hairpin.client.TurnClient;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// Where clients go, and whom they meet there.
///
/// @param stay the longest that one stays
/// @param lifetime how long the server keeps what is not refreshed
record Place(
        InetSocketAddress udp,
        InetSocketAddress tcp,
        InetSocketAddress udpPeer,
        InetSocketAddress tcpPeer,
        Duration stay,
        Duration lifetime) {

    static final TlsOptions TLS = TlsOptions.of(Trust.anyServerInsecurely());

    /// Gives up after 11.5 s: on loopback only a packet too many is ever lost.
    static final ClientOptions OPTIONS =
            ClientOptions.STANDARD.withRetransmission(
                    new Retransmission(Duration.ofMillis(500), 5, 8));

    InetSocketAddress server(Carrier carrier) {
        return carrier.isStream() ? tcp : udp;
    }

    /// A client at an address that hardly anybody else has, with the right password.
    TurnClient client(Carrier carrier, RandomGenerator random) {
        ClientOptions options = OPTIONS.withLocal(new InetSocketAddress(address(random), 0));
        InetSocketAddress server = server(carrier);
        TurnClient client =
                switch (carrier) {
                    case UDP -> TurnClient.udp(server, options);
                    case TCP -> TurnClient.tcp(server, options);
                    case TLS -> TurnClient.tls(server, TLS, options);
                    case DTLS -> TurnClient.dtls(server, TLS, options);
                };
        return client.with(SoakServer.USER, SoakServer.PASSWORD);
    }

    /// Of loopback: servers limit what a single address may do.
    static InetAddress address(RandomGenerator random) {
        byte[] address = {127, 0, 0, 0};
        address[1] = (byte) (64 + random.nextInt(64));
        address[2] = (byte) random.nextInt(256);
        address[3] = (byte) (1 + random.nextInt(254));
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
