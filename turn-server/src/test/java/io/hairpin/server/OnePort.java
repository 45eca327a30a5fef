package io.hairpin.server;

import io.hairpin.net.SocketKind;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.HostPort;
import io.hairpin.server.config.ProxyProtocolConfig;
import io.hairpin.server.config.SocketsConfig;
import io.hairpin.server.config.TlsConfig;
import io.hairpin.server.config.TlsProvider;
import io.hairpin.server.core.Cidr;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Servers that have a certificate, so that each TCP port serves all there is.
record OnePort(
        TestConfiguration rest,
        List<Cidr> proxies,
        Optional<HostPort> backend,
        SocketKind kind,
        TlsProvider provider,
        boolean showsKeys) {

    static OnePort plain() {
        return new OnePort(
                TestConfiguration.loopback(),
                List.of(),
                Optional.empty(),
                SocketKind.best(),
                TlsProvider.AUTO,
                false);
    }

    OnePort rest(TestConfiguration rest) {
        return new OnePort(rest, proxies, backend, kind, provider, showsKeys);
    }

    OnePort trusting(String... ranges) {
        List<Cidr> proxies =
                Arrays.stream(ranges).map(range -> Cidr.parse(range).orElseThrow()).toList();
        return new OnePort(rest, proxies, backend, kind, provider, showsKeys);
    }

    OnePort backend(InetAddress address, int port) {
        return new OnePort(
                rest,
                proxies,
                Optional.of(new HostPort(address.getHostAddress(), port)),
                kind,
                provider,
                showsKeys);
    }

    OnePort on(SocketKind kind) {
        return new OnePort(rest, proxies, backend, kind, provider, showsKeys);
    }

    OnePort by(TlsProvider provider) {
        return new OnePort(rest, proxies, backend, kind, provider, showsKeys);
    }

    /// Shows those who would rather have it so the key of its certificate alone (RFC 7250).
    OnePort showingKeys() {
        return new OnePort(rest, proxies, backend, kind, provider, true);
    }

    TurnServer start() {
        return start(SocketsConfig.defaults());
    }

    /// Lets clients move.
    TurnServer startMobile() {
        return startMobile(SocketsConfig.defaults());
    }

    TurnServer startMobile(SocketsConfig sockets) {
        return start(rest.build(tls(), true), sockets);
    }

    TurnServer start(SocketsConfig sockets) {
        return start(rest.build(tls(), false), sockets);
    }

    private TurnServer start(Configuration base, SocketsConfig sockets) {
        return TurnServer.start(
                new Configuration(
                        base.realm(),
                        base.listeners(),
                        base.tls(),
                        new ProxyProtocolConfig(proxies),
                        backend,
                        base.relay(),
                        sockets,
                        base.authentication(),
                        base.peers(),
                        base.limits(),
                        base.natDiscovery(),
                        base.redirect(),
                        base.realms(),
                        base.compatibility(),
                        base.admin(),
                        base.log()),
                kind);
    }

    private TlsConfig tls() {
        TlsConfig tryOut = TlsConfig.tryOut();
        return new TlsConfig(
                tryOut.certificate(),
                tryOut.key(),
                tryOut.keyPassphrase(),
                tryOut.moreCertificates(),
                tryOut.selfSigned(),
                tryOut.versions(),
                tryOut.ciphers(),
                tryOut.clientCertificates(),
                tryOut.clientCa(),
                showsKeys,
                tryOut.reloadInterval(),
                tryOut.expiryWarning(),
                provider);
    }
}
