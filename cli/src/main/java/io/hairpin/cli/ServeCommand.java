package io.hairpin.cli;

import io.hairpin.server.StartupException;
import io.hairpin.server.TurnServer;
import io.hairpin.server.config.ConfigProblem;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.Loaded;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Runs the server until it is told to stop.
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Serves until it is stopped by SIGTERM or Ctrl-C.",
            "",
            "Without a configuration it serves a try-out: peers on this machine alone, and a user"
                    + " made up on the spot, printed with the iceServers value to use it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hairpin serve",
            "  hairpin serve -c /etc/hairpin/hairpin.yaml",
            "  HAIRPIN_REALM=example.org \\",
            "  HAIRPIN_AUTHENTICATION_SHARED_SECRETS_FILE=/run/secrets/turn hairpin serve"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            Hairpin.OK + ":it was told to stop, and did",
            Hairpin.FAILED + ":it could not start, for a port in use for example",
            Hairpin.MISTAKEN + ":the configuration is wrong; hairpin check says how"
        })
final class ServeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Mixin private final ConfigurationOption option;

    @Spec private CommandSpec spec = CommandSpec.create();

    private final RandomGenerator random;

    /// @param random makes the secrets of a try-out
    ServeCommand(ConfigurationOption option, RandomGenerator random) {
        this.option = option;
        this.random = random;
    }

    @Override
    public Integer call() throws InterruptedException, SocketException {
        Optional<ConfigurationOption.Found> found = option.find();
        if (found.isEmpty()) {
            return tryOut();
        }
        return switch (found.get().loaded()) {
            case Loaded.Valid(Configuration configuration) ->
                    serve(found.get().source(), configuration);
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    ConfigurationOption.report(problems, spec.commandLine().getErr());
        };
    }

    private int tryOut() throws InterruptedException, SocketException {
        TryOut tryOut = TryOut.of(TryOut.addressesOfThisMachine(), random);
        Configuration configuration = tryOut.configuration();
        return run(
                configuration,
                server -> {
                    PrintWriter out = spec.commandLine().getOut();
                    StartUpReport.of("none, this is a try-out", configuration, server.describe())
                            .withoutWarnings()
                            .print(configuration.log().format(), out);
                    out.print(tryOut.toText());
                    out.flush();
                });
    }

    private int serve(String source, Configuration configuration) throws InterruptedException {
        return run(
                configuration,
                server ->
                        StartUpReport.of(source, configuration, server.describe())
                                .print(configuration.log().format(), spec.commandLine().getOut()));
    }

    private int run(Configuration configuration, Consumer<TurnServer> started)
            throws InterruptedException {
        Logging.configure(configuration.log());
        TurnServer server;
        try {
            server = TurnServer.start(configuration);
        } catch (StartupException e) {
            spec.commandLine().getErr().println("error: " + e.getMessage());
            return Hairpin.FAILED;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
        started.accept(server);
        Thread.currentThread().join(); // the hook ends the process
        return Hairpin.OK;
    }

    /// To be told to stop is no failure, so the process does not end with the signal's code.
    private static void stop(TurnServer server) {
        LOG.info("stopping");
        server.close();
        LOG.info("stopped");
        Logging.flush();
        Runtime.getRuntime().halt(Hairpin.OK);
    }
}
