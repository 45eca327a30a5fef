package io.hairpin.cli;

import io.hairpin.client.TlsOptions;
import io.hairpin.client.Trust;
import io.hairpin.client.load.ClientTransport;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The options of `hairpin load` that say which certificates its clients believe.
final class LoadTrust {

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = {
                "PEM file of the authorities, or of the server's certificate itself; otherwise"
                        + " those of the JDK are believed."
            })
    private @Nullable Path ca;

    @Option(
            names = "--server-name",
            paramLabel = "NAME",
            description =
                    "What the server is called (SNI) and its certificate has to be for; otherwise"
                            + " SERVER.")
    private @Nullable String serverName;

    @Option(
            names = "--insecure",
            description = "Believe any certificate, such as one of the server's own making.")
    private boolean insecure;

    /// Throws `IllegalArgumentException` for options that contradict each other.
    Optional<TlsOptions> tls(ClientTransport transport) {
        if (!transport.isSecured()) {
            if (ca != null || serverName != null || insecure) {
                throw new IllegalArgumentException(
                        "--ca, --server-name and --insecure belong to --transport tls and dtls");
            }
            return Optional.empty();
        }
        return Optional.of(new TlsOptions(trust(), Optional.ofNullable(serverName)));
    }

    private Trust trust() {
        if (insecure) {
            if (ca != null) {
                throw new IllegalArgumentException("--ca and --insecure exclude each other");
            }
            return Trust.anyServerInsecurely();
        }
        if (ca == null) {
            return Trust.systemAuthorities();
        }
        try {
            return Trust.pemFile(ca);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read --ca: " + e.getMessage(), e);
        }
    }
}
