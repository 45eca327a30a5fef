package io.hairpin.server;

import io.hairpin.server.admin.ServerMetrics;
import io.hairpin.server.config.CertificateConfig;
import io.hairpin.server.config.ClientCertificates;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.Secret;
import io.hairpin.server.config.TlsConfig;
import io.hairpin.server.config.TlsProvider;
import io.hairpin.server.config.TlsVersion;
import io.hairpin.server.tls.CertificateFiles;
import io.hairpin.server.tls.CertificateWatch;
import io.hairpin.server.tls.ClientAuthorities;
import io.hairpin.server.tls.Identities;
import io.hairpin.server.tls.RawPublicKeyTls;
import io.hairpin.server.tls.SelfSigned;
import io.hairpin.server.tls.TlsContexts;
import io.hairpin.server.tls.TlsImplementation;
import io.hairpin.server.tls.TlsSettings;
import io.hairpin.server.tls.UnusableTls;
import io.hairpin.server.tls.WatchedCertificates;
import io.hairpin.server.transport.TlsHandlers;
import io.netty.handler.ssl.ClientAuth;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The certificates of a server, and TLS by them. Only a server that has any comes here, so that
/// others start without loading what TLS needs.
final class ServerCertificates implements AutoCloseable {

    private static final String SELF_SIGNED = "made up at this start";

    private final TlsConfig config;
    private final InstantSource clock;
    private final WatchedCertificates certificates;
    private final TlsContexts contexts;
    private final TlsHandlers handlers;
    private final CertificateWatch watch;

    private ServerCertificates(Configuration configuration, InstantSource clock) {
        this.config = configuration.tls();
        this.clock = clock;
        SecureRandom random = new SecureRandom();
        certificates =
                config.selfSigned()
                        ? WatchedCertificates.of(
                                SELF_SIGNED,
                                SelfSigned.of(MachineAddresses.all(), clock.instant(), random))
                        : WatchedCertificates.read(
                                config.certificates().stream()
                                        .map(ServerCertificates::files)
                                        .toList());
        ClientAuthorities authorities = new ClientAuthorities(config.clientCa());
        TlsSettings settings =
                new TlsSettings(
                        implementation(config.provider()),
                        config.versions().stream().map(TlsVersion::protocol).toList(),
                        config.ciphers(),
                        clientAuth(config.clientCertificates()),
                        configuration.limits().tlsHandshakeTimeout());
        Identities identities = certificates.identities();
        contexts = new TlsContexts(settings, identities, authorities.certificates(), random);
        handlers =
                config.rawPublicKeys()
                        ? new RawPublicKeyTls(settings, contexts, identities, random)::handlerFor
                        : contexts::handlerFor;
        watch =
                new CertificateWatch(
                        certificates, authorities, contexts, config.expiryWarning(), clock);
    }

    /// Reads the certificates that are configured, of which there has to be one.
    ///
    /// @throws StartupException if one cannot be used, or TLS cannot be served as configured
    static ServerCertificates open(Configuration configuration) {
        try {
            return new ServerCertificates(configuration, InstantSource.system());
        } catch (UnusableTls e) {
            throw new StartupException("cannot serve TLS: " + e.getMessage());
        }
    }

    /// What TLS clients are served by.
    TlsHandlers tls() {
        return handlers;
    }

    /// What DTLS clients are served by as well; always those that are in use at the time.
    Identities identities() {
        return certificates.identities();
    }

    /// Begins to look after the files, the expiry of certificates and the keys of tickets.
    void watch() {
        watch.start(config.reloadInterval());
    }

    /// Shows for how long each certificate is still good.
    void register(ServerMetrics metrics) {
        List<String> names = certificates.names();
        for (int i = 0; i < names.size(); i++) {
            int index = i;
            metrics.addCertificate(
                    names.get(i), () -> certificates.daysLeft(index, clock.instant()));
        }
    }

    /// What is served by, for people to read: a line each.
    List<String> describe() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "TLS by "
                        + contexts.provider()
                        + ", "
                        + String.join(
                                " and ",
                                config.versions().stream().map(TlsVersion::protocol).toList()));
        lines.addAll(certificates.describe());
        if (config.rawPublicKeys()) {
            lines.addAll(certificates.describeKeys());
        }
        if (config.rawPublicKeys() && config.selfSigned()) {
            lines.add("warning: a self-signed certificate has another key at each start");
        }
        certificates
                .warnings(clock.instant(), config.expiryWarning())
                .forEach(warning -> lines.add("warning: " + warning));
        return lines;
    }

    private static CertificateFiles files(CertificateConfig config) {
        Optional<String> passphrase = config.keyPassphrase().map(Secret::reveal);
        return new CertificateFiles(config.certificate(), config.key(), passphrase);
    }

    private static TlsImplementation implementation(TlsProvider provider) {
        return switch (provider) {
            case AUTO -> TlsImplementation.AUTO;
            case BORINGSSL -> TlsImplementation.BORINGSSL;
            case JDK -> TlsImplementation.JDK;
        };
    }

    private static ClientAuth clientAuth(ClientCertificates clients) {
        return switch (clients) {
            case NONE -> ClientAuth.NONE;
            case OPTIONAL -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRE;
        };
    }

    @Override
    public void close() {
        watch.close();
    }
}
