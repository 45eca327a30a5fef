package io.hairpin.cli;

import io.hairpin.client.Retransmission;
import io.hairpin.client.load.AddressRange;
import io.hairpin.client.load.ClientTransport;
import io.hairpin.client.load.FloodPlan;
import io.hairpin.client.load.HalfOpen;
import io.hairpin.client.load.LoadPlan;
import io.hairpin.client.load.SetUpPlan;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The options of `hairpin load`, and the plan they make.
final class LoadOptions {

    @Option(
            names = "--transport",
            paramLabel = "udp|tcp|tls|dtls",
            description = "How clients reach the server; udp unless said, or what the URI says.")
    private @Nullable ClientTransport transport;

    @ArgGroup(validate = false, heading = "%nWhom they believe, over TLS and DTLS:%n")
    private LoadTrust trust = new LoadTrust();

    @ArgGroup(validate = false, heading = "%nWho the clients are:%n")
    private LoadLogin login = new LoadLogin();

    @ArgGroup(validate = false, heading = "%nHow many there are:%n")
    private Size size = new Size();

    @ArgGroup(validate = false, heading = "%nWhat they send:%n")
    private LoadTraffic packets = new LoadTraffic();

    @ArgGroup(validate = false, heading = "%nInstead of traffic:%n")
    private Allocations allocations = new Allocations();

    @ArgGroup(validate = false, heading = "%nBeside the traffic:%n")
    private Invalid invalid = new Invalid();

    @ArgGroup(validate = false, heading = "%nWhat is measured:%n")
    private Measuring measuring = new Measuring();

    private static final class Size {
        @Option(
                names = "--clients",
                paramLabel = "N",
                description =
                        "Clients, each with a socket and an allocation of its own;"
                                + " 100 unless said.")
        private int clients = 100;

        @Option(
                names = "--peers",
                paramLabel = "N",
                description =
                        "UDP sockets that the clients of one event loop have as peers;"
                                + " 1 unless said.")
        private int peers = 1;

        @Option(
                names = "--threads",
                paramLabel = "N",
                description =
                        "Event loops that clients and peers are divided among; 1" + " unless said.")
        private int threads = 1;

        @Option(
                names = "--concurrency",
                paramLabel = "N",
                description = "Set-ups under way at once; 64 unless said.")
        private int concurrency = 64;

        @Option(
                names = "--client-address",
                paramLabel = "ADDRESS",
                description = "Where clients bind; otherwise the address towards the server.")
        private @Nullable InetAddress clientAddress;

        @Option(
                names = "--client-network",
                paramLabel = "NETWORK",
                description = {
                    "Clients share one UDP socket, each with an address of its own in this network"
                            + " of this machine, such as 127.1.0.0/16 on loopback. That is less"
                            + " work for this program, and the same for the server."
                })
        private @Nullable String clientNetwork;

        @Option(
                names = "--peer-address",
                paramLabel = "ADDRESS",
                description = {
                    "Where peers bind; otherwise the address towards the server. The server has to"
                            + " allow it as a peer: those of private networks are refused by most."
                })
        private @Nullable InetAddress peerAddress;
    }

    private static final class Allocations {
        @Option(
                names = "--allocate-only",
                description =
                        "Make allocations as fast as the server answers, and send nothing over"
                                + " them.")
        private boolean allocateOnly;

        @Option(
                names = "--rounds",
                paramLabel = "N",
                description = {
                    "With --allocate-only, set all clients up so many times and let them go in"
                            + " between: set-ups are measured in the last round, with both sides"
                            + " warm, memory in the first; 1 unless said."
                })
        private int rounds = 1;

        @Option(
                names = "--hold",
                paramLabel = "TIME",
                converter = LoadTime.class,
                description = "How long they are held; 0s unless said.")
        private Duration hold = Duration.ZERO;

        @Option(
                names = "--abandon",
                description = "Leave allocations to the server at the end, as a crash does.")
        private boolean abandon;

        int rounds() {
            if (rounds != 1 && !allocateOnly) {
                throw new IllegalArgumentException("--rounds belongs to --allocate-only");
            }
            return rounds;
        }
    }

    private static final class Invalid {
        @Option(
                names = "--invalid",
                paramLabel = "R",
                description = {
                    "Broken packets a second, over UDP and the clients' own transport, from"
                            + " senders of their own: random bytes, requests that are cut, lengths"
                            + " that lie, ChannelData of nobody, and messages of somebody with an"
                            + " account and an allocation, with attributes repeated, reordered,"
                            + " renamed or invented before they are signed, and bytes changed or"
                            + " added after."
                })
        private @Nullable Double invalid;

        @Option(
                names = "--half-open",
                paramLabel = "KIND=N",
                description = {
                    "Connections that are begun and left half open, N at once, each that the server"
                            + " ends replaced by another. tcp: says nothing; tls: sends a"
                            + " ClientHello alone; dtls: the same over UDP; dtls_cookie: returns"
                            + " the cookie too. May be repeated. Needs as many file descriptors."
                })
        private Map<HalfOpen, Integer> halfOpen = new EnumMap<>(HalfOpen.class);

        @Option(
                names = "--seed",
                paramLabel = "N",
                description = "The same seed gives the same broken packets.")
        private long seed = 1;
    }

    private static final class Measuring {
        @Option(
                names = "--server-pid",
                paramLabel = "PID",
                description =
                        "The server's process, if it runs on this machine: reports its CPU and"
                                + " memory.")
        private @Nullable Long serverPid;
    }

    /// Throws `IllegalArgumentException` for options that contradict each other.
    LoadPlan plan(NamedServer server, Instant now) {
        ClientTransport chosen = transport(server);
        return new LoadPlan(
                server.address(),
                chosen,
                trust.tls(chosen),
                login.accounts(now),
                size.clients,
                size.threads,
                size.peers,
                packets.gso(),
                Optional.ofNullable(size.clientAddress),
                Optional.ofNullable(size.clientNetwork).map(AddressRange::parse),
                Optional.ofNullable(size.peerAddress),
                new SetUpPlan(
                        size.concurrency,
                        Retransmission.STANDARD,
                        allocations.rounds(),
                        allocations.hold,
                        allocations.abandon),
                allocations.allocateOnly
                        ? Optional.empty()
                        : Optional.of(packets.plan(size.clients)),
                Optional.ofNullable(invalid.invalid).map(rate -> new FloodPlan(rate, invalid.seed)),
                invalid.halfOpen,
                measuring.serverPid == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(measuring.serverPid),
                now.toEpochMilli());
    }

    private ClientTransport transport(NamedServer server) {
        server.scheme()
                .filter(scheme -> !scheme.isTurn())
                .ifPresent(
                        scheme -> {
                            throw new IllegalArgumentException(
                                    "clients ask for relays, by turn: or turns:, not "
                                            + scheme
                                            + ":");
                        });
        if (transport == null) {
            return server.transport();
        }
        if (server.scheme().isPresent() && transport != server.transport()) {
            throw new IllegalArgumentException(
                    "--transport and the URI, which means "
                            + server.transport().name().toLowerCase(Locale.ROOT)
                            + ", contradict each other");
        }
        return transport;
    }
}
