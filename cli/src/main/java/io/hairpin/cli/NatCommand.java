package io.hairpin.cli;

import io.hairpin.client.nat.DiscoveryException;
import io.hairpin.client.nat.NatDiscovery;
import io.hairpin.client.nat.NatOptions;
import io.hairpin.client.nat.NatReport;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/// Finds out what the NATs between this machine and a server do.
@Command(
        name = "nat",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Finds out which kind of NAT there is between this machine and a STUN server, over UDP:"
                    + " whether a client keeps one public address and port towards everybody"
                    + " (mapping), who may send to it there (filtering), and whether two clients"
                    + " behind the NAT reach each other there (hairpinning). Each is"
                    + " endpoint-independent, address-dependent or address-and-port-dependent.",
            "",
            "The server must have a second address and port for that (RFC 5780): Hairpin with"
                    + " nat-discovery, or coturn with two addresses. What is found holds for now"
                    + " and for this server."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hairpin nat stun.example.org",
            "      which NAT this machine is behind",
            "  hairpin nat stun.example.org --lifetime 3m",
            "      also how long it keeps a mapping that is not used; takes three",
            "      minutes or less",
            "  hairpin nat [2001:db8::5]:3478 --json",
            "      over IPv6, where it is rather a firewall, for a program to read"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            Hairpin.OK + ":mapping and filtering were found out",
            Hairpin.FAILED + ":they were not: UDP is blocked, or the server has no second address",
            Hairpin.MISTAKEN + ":the command line is wrong"
        })
final class NatCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "SERVER[:PORT]",
            converter = NamedServer.Converter.class,
            description =
                    "Name or address, an IPv6 address in brackets; or a URI as browsers have it,"
                            + " stun:SERVER[:PORT]. Port 3478 unless said.")
    private @Nullable NamedServer server;

    @Option(
            names = "--lifetime",
            paramLabel = "TIME",
            converter = LoadTime.class,
            description =
                    "Find out how long an unused mapping lives, up to TIME, to a twelfth of it.")
    private @Nullable Duration lifetime;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            converter = LoadTime.class,
            description =
                    "How long a question may stay unanswered before that counts as the answer;"
                            + " raise it on slow or lossy networks. 3s unless said.")
    private Duration patience = Duration.ofSeconds(3);

    @Option(
            names = "--local-address",
            paramLabel = "ADDRESS",
            description = "Where to send from; otherwise the address towards the server.")
    private @Nullable InetAddress localAddress;

    @Option(
            names = "--local-port",
            paramLabel = "PORT",
            description = "The port of the mapping that is looked at; any unless said.")
    private int localPort;

    @Option(names = "--json", description = "Print the findings as JSON.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    private final RandomGenerator random;

    /// @param random where transaction ids come from
    NatCommand(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public Integer call() {
        InetSocketAddress address = address(Objects.requireNonNull(server));
        NatOptions options = options();
        if (address.isUnresolved()) {
            return failed("there is no address for " + address.getHostString());
        }
        try {
            return print(NatDiscovery.run(address, options));
        } catch (DiscoveryException e) {
            return failed(e.getMessage());
        } catch (IOException e) {
            return failed("cannot send to " + address + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("interrupted");
        }
    }

    private InetSocketAddress address(NamedServer named) {
        named.scheme()
                .filter(scheme -> scheme != NamedServer.Scheme.STUN)
                .ifPresent(
                        scheme -> {
                            throw new ParameterException(
                                    spec.commandLine(),
                                    "NATs are looked at by stun: and over UDP, not by "
                                            + scheme
                                            + ":");
                        });
        return named.address();
    }

    private NatOptions options() {
        if (localPort < 0 || localPort > 0xFFFF) {
            throw new ParameterException(spec.commandLine(), "--local-port is 0 to 65535");
        }
        InetAddress from =
                localAddress == null ? new InetSocketAddress(0).getAddress() : localAddress;
        try {
            return new NatOptions(
                    patience,
                    Optional.ofNullable(lifetime),
                    new InetSocketAddress(from, localPort),
                    random);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private int print(NatReport report) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new NatJson(report).text());
        } else {
            new NatSummary(report).lines().forEach(out::println);
        }
        report.remarks().forEach(remark -> spec.commandLine().getErr().println("note: " + remark));
        if (report.blocked()) {
            return failed(
                    "no answer from "
                            + NatSummary.text(report.server())
                            + " over UDP: a firewall blocks it, or there is no STUN server");
        }
        if (report.other().isEmpty()) {
            return failed(
                    "the server has no second address (no OTHER-ADDRESS in its answer), so it"
                            + " cannot show more than the mapped one; ask one that has, such as"
                            + " Hairpin with nat-discovery");
        }
        return report.mapping().isPresent() && report.filtering().isPresent()
                ? Hairpin.OK
                : failed("not everything could be found out");
    }

    private int failed(@Nullable String why) {
        spec.commandLine().getErr().println("error: " + why);
        return Hairpin.FAILED;
    }
}
