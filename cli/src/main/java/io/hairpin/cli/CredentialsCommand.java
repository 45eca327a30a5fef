package io.hairpin.cli;

import io.hairpin.server.auth.TurnRestCredential;
import io.hairpin.server.config.ConfigProblem;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.DurationText;
import io.hairpin.server.config.ListenerConfig;
import io.hairpin.server.config.ListenerTransport;
import io.hairpin.server.config.Loaded;
import io.hairpin.server.config.Secret;
import io.netty.util.NetUtil;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// Makes a time-limited credential, as the web service does that shares a secret with the server.
@Command(
        name = "credentials",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a time-limited TURN REST username and password, and the iceServers value a"
                    + " browser needs to use them.",
            "They are made from a shared secret; the server need not run."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hairpin credentials -c hairpin.yaml --user alice --ttl 1h",
            "  hairpin credentials --secret --host turn.example.org    (asks for the secret)",
            "  hairpin credentials -c hairpin.yaml --json | jq .iceServers"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            Hairpin.OK + ":the credential was printed",
            Hairpin.MISTAKEN + ":there is no secret, or the configuration is wrong"
        })
final class CredentialsCommand implements Callable<Integer> {

    private static final List<ListenerConfig> USUAL_LISTENERS =
            Stream.of(ListenerTransport.values())
                    .map(t -> new ListenerConfig(t, InetAddress.ofLiteral("0.0.0.0"), 3478))
                    .toList();

    @Mixin private final ConfigurationOption option;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Who will use it; it stands in the username, after the time.")
    private String user = "";

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "24h",
            converter = TimeConverter.class,
            description =
                    "How long it is good for, such as 90s, 30m or 24h; ${DEFAULT-VALUE} unless"
                            + " said.")
    private Duration ttl = Duration.ofHours(24);

    @Option(
            names = "--secret",
            paramLabel = "SECRET",
            arity = "0..1",
            interactive = true,
            prompt = "Shared secret: ",
            description =
                    "The shared secret, instead of the first in the configuration. Without a value"
                        + " it is asked for: other users of this machine can see what stands on a"
                        + " command line.")
    private @Nullable String secret;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description =
                    "The name or address clients reach the server by; otherwise the address it"
                            + " advertises or listens on, or its realm.")
    private @Nullable String host;

    @Option(names = "--json", description = "Print one JSON object, for programs.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    private final InstantSource clock;

    CredentialsCommand(ConfigurationOption option, InstantSource clock) {
        this.option = option;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        Optional<ConfigurationOption.Found> found = option.find();
        if (found.isEmpty()) {
            return print(chosenSecret(List.of()), chosenHost(), USUAL_LISTENERS);
        }
        return switch (found.get().loaded()) {
            case Loaded.Valid(Configuration configuration) ->
                    print(
                            chosenSecret(configuration.authentication().sharedSecrets()),
                            host == null ? hostOf(configuration) : host,
                            IceServers.offered(configuration));
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    ConfigurationOption.report(problems, spec.commandLine().getErr());
        };
    }

    private int print(String secret, String host, List<ListenerConfig> listeners) {
        Instant expires = clock.instant().plus(ttl).truncatedTo(ChronoUnit.SECONDS);
        IceServers servers = IceServers.of(host, listeners, mint(secret, expires));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(servers.toJson(ttl.toSeconds()));
        } else {
            out.println("username: " + servers.username());
            out.println("password: " + servers.password());
            out.println("expires:  " + expires);
            out.println();
            out.println("iceServers: " + servers.toSnippet());
        }
        return Hairpin.OK;
    }

    private TurnRestCredential mint(String secret, Instant expires) {
        try {
            return TurnRestCredential.mint(secret, user, expires);
        } catch (IllegalArgumentException e) {
            throw mistake(String.valueOf(e.getMessage()));
        }
    }

    private String chosenSecret(List<Secret> configured) {
        if (secret != null) {
            return secret;
        }
        return configured.stream()
                .findFirst()
                .map(Secret::reveal)
                .orElseThrow(
                        () ->
                                mistake(
                                        "there is no shared secret; set"
                                                + " authentication.shared-secrets in the"
                                                + " configuration, or use --secret"));
    }

    private String chosenHost() {
        if (host == null) {
            throw mistake("without a configuration, --host has to say where the server is");
        }
        return host;
    }

    private static String hostOf(Configuration configuration) {
        Stream<InetAddress> advertised =
                configuration.relay().addresses().stream().map(address -> address.advertise());
        Stream<InetAddress> listening =
                configuration.listeners().stream()
                        .map(ListenerConfig::address)
                        .filter(address -> !address.isAnyLocalAddress());
        return Stream.concat(advertised, listening)
                .findFirst()
                .map(NetUtil::toAddressString)
                .orElse(configuration.realm());
    }

    private ParameterException mistake(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /// Reads lengths of time as they are written in the configuration.
    static final class TimeConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return DurationText.parse(text)
                    .filter(Duration::isPositive)
                    .orElseThrow(
                            () ->
                                    new TypeConversionException(
                                            "'"
                                                    + text
                                                    + "' is not a length of time such as 90s, 30m"
                                                    + " or 24h"));
        }
    }
}
