package io.hairpin.server;

import io.hairpin.net.SocketKind;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.HostPort;
import io.hairpin.server.config.ProxyProtocolConfig;
import io.hairpin.server.config.TlsConfig;
import io.hairpin.server.core.Cidr;
import io.hairpin.server.tls.Identities;
import io.hairpin.server.tls.Identity;
import io.hairpin.server.tls.SelfSigned;
import io.hairpin.server.tls.TlsContexts;
import io.hairpin.server.tls.TlsSettings;
import io.netty.handler.ssl.ClientAuth;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Servers that have a certificate, so that each TCP port serves all there is.
record OnePort(
        TestConfiguration rest,
        List<Cidr> proxies,
        Optional<HostPort> backend,
        SocketKind kind,
        TlsSettings.Provider provider) {

    static OnePort plain() {
        return new OnePort(
                TestConfiguration.loopback(),
                List.of(),
                Optional.empty(),
                SocketKind.best(),
                TlsSettings.Provider.AUTO);
    }

    OnePort rest(TestConfiguration rest) {
        return new OnePort(rest, proxies, backend, kind, provider);
    }

    OnePort trusting(String... ranges) {
        List<Cidr> proxies =
                Arrays.stream(ranges).map(range -> Cidr.parse(range).orElseThrow()).toList();
        return new OnePort(rest, proxies, backend, kind, provider);
    }

    OnePort backend(InetAddress address, int port) {
        return new OnePort(
                rest,
                proxies,
                Optional.of(new HostPort(address.getHostAddress(), port)),
                kind,
                provider);
    }

    OnePort on(SocketKind kind) {
        return new OnePort(rest, proxies, backend, kind, provider);
    }

    OnePort by(TlsSettings.Provider provider) {
        return new OnePort(rest, proxies, backend, kind, provider);
    }

    TurnServer start() {
        Configuration base = rest.build();
        return TurnServer.start(
                new Configuration(
                        base.realm(),
                        base.listeners(),
                        TlsConfig.tryOut(),
                        new ProxyProtocolConfig(proxies),
                        backend,
                        base.relay(),
                        base.sockets(),
                        base.authentication(),
                        base.peers(),
                        base.limits(),
                        base.compatibility(),
                        base.admin(),
                        base.log()),
                kind,
                contexts()::handlerFor);
    }

    private TlsContexts contexts() {
        SecureRandom random = new SecureRandom();
        Identity identity =
                SelfSigned.of(List.of(TestConfiguration.LOOPBACK_4), Instant.now(), random);
        return new TlsContexts(
                new TlsSettings(
                        provider,
                        List.of("TLSv1.3", "TLSv1.2"),
                        List.of(),
                        ClientAuth.NONE,
                        Optional.empty(),
                        rest.limits().tlsHandshakeTimeout()),
                new Identities(List.of(identity)),
                List.of(),
                random);
    }
}
