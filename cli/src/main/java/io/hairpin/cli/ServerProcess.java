package io.hairpin.cli;

import io.hairpin.server.StartupException;
import io.hairpin.server.TurnServer;
import io.hairpin.server.config.ConfigProblem;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.Loaded;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.PrintWriter;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Serves until this process is told to stop.
final class ServerProcess {

    private final PrintWriter out;
    private final PrintWriter err;
    private final Consumer<TurnServer> whenServing;

    ServerProcess(PrintWriter out, PrintWriter err) {
        this(out, err, _ -> {});
    }

    private ServerProcess(PrintWriter out, PrintWriter err, Consumer<TurnServer> whenServing) {
        this.out = out;
        this.err = err;
        this.whenServing = whenServing;
    }

    /// The same, but it calls `what` once all is served and said.
    ServerProcess whenServing(Consumer<TurnServer> what) {
        return new ServerProcess(out, err, what);
    }

    /// Returns the exit code where there is nothing to serve; otherwise a signal ends the process.
    ///
    /// @param found the configuration; without one a try-out is served
    /// @param random makes the secrets of a try-out
    int run(Optional<ConfigurationOption.Found> found, RandomGenerator random)
            throws InterruptedException, SocketException {
        if (found.isEmpty()) {
            TryOut tryOut = TryOut.of(TryOut.addressesOfThisMachine(), random);
            return run(tryOut.configuration(), server -> report(tryOut, server));
        }
        String source = found.get().source();
        return switch (found.get().loaded()) {
            case Loaded.Valid(Configuration configuration) ->
                    run(configuration, server -> report(source, configuration, server));
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    ConfigurationOption.report(problems, err);
        };
    }

    private int run(Configuration configuration, Consumer<TurnServer> report)
            throws InterruptedException {
        Logging.configure(configuration.log());
        TurnServer server;
        try {
            server = TurnServer.start(configuration);
            server.count(
                    "log.events.lost",
                    "Log events that could not be written, for want of room on the disk say",
                    Logging::lost);
        } catch (StartupException e) {
            err.println("error: " + e.getMessage());
            err.flush();
            return Hairpin.FAILED;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
        report.accept(server);
        OldGeneration.watch();
        whenServing.accept(server);
        Thread.currentThread().join(); // the hook ends the process
        return Hairpin.OK;
    }

    private void report(String source, Configuration configuration, TurnServer server) {
        StartUpReport.of(source, configuration, server.describe())
                .print(configuration.log().format(), out);
    }

    private void report(TryOut tryOut, TurnServer server) {
        Configuration configuration = tryOut.configuration();
        StartUpReport.of("none, this is a try-out", configuration, server.describe())
                .withoutWarnings()
                .print(configuration.log().format(), out);
        out.print(tryOut.toText());
        out.flush();
    }

    /// To be told to stop is no failure, so the process does not end with the signal's code.
    private static void stop(TurnServer server) {
        Logger log = LoggerFactory.getLogger(ServerProcess.class);
        log.info("stopping");
        server.close();
        log.info("stopped");
        Logging.flush();
        Runtime.getRuntime().halt(Hairpin.OK);
    }
}
