package io.hairpin.cli;

import io.hairpin.client.load.LoadException;
import io.hairpin.client.load.LoadPlan;
import io.hairpin.client.load.LoadReport;
import io.hairpin.client.load.LoadRun;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Drives a server with many clients at once, and says how it did.
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Opens allocations on a TURN server, sends packets through them to peers of its own,"
                    + " and reports packets per second, loss and latency, and when the server was"
                    + " not the bottleneck.",
            "",
            "Use it on servers that are yours: it is made to bring them to their limits."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hairpin load 127.0.0.1 --user alice --password secret",
            "      100 clients, 50 packets a second each, as a voice call",
            "  hairpin load 127.0.0.1 --secret north --clients 1000 --saturate",
            "      as much as it can take",
            "  hairpin load turn.example.org:3478 --secret --transport tcp \\",
            "      --clients 50 --rate 1000 --size 1200 --burst 10 --peer-address 192.0.2.7",
            "      video over TCP; asks for the secret",
            "  hairpin load turns:turn.example.org --secret north",
            "      over TLS; --insecure for a certificate of the server's own making",
            "  hairpin load 127.0.0.1 --secret north --half-open dtls_cookie=10000",
            "      whether handshakes that nobody goes on with harm the others",
            "  hairpin load 127.0.0.1 --secret north --allocate-only --clients 10000 \\",
            "      --server-pid $(pidof turnserver) --json -",
            "      set-ups a second and memory per allocation, for a program to read",
            "  hairpin load 127.0.0.1 --secret north --invalid 20000",
            "      whether a flood of broken packets harms the others"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            Hairpin.OK + ":the run went through, be it with loss",
            Hairpin.FAILED + ":no client could be set up, or the run broke off",
            Hairpin.MISTAKEN + ":the command line is wrong"
        })
final class LoadCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(LoadCommand.class);

    /// More than a run takes to clean up.
    private static final int STOP_SECONDS = 10;

    @Parameters(
            paramLabel = "SERVER[:PORT]",
            converter = NamedServer.Converter.class,
            description =
                    "Name or address, an IPv6 address in brackets, port 3478 unless said; or a URI"
                            + " as browsers have it: turn:SERVER[:PORT]?transport=tcp, or turns:"
                            + " with port 5349 unless said.")
    private @Nullable NamedServer server;

    @Mixin private final LoadOptions options = new LoadOptions();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the findings to FILE as JSON, or with - to standard output.")
    private @Nullable Path json;

    @Option(names = "--quiet", description = "No progress, and no summary.")
    private boolean quiet;

    @Spec private CommandSpec spec = CommandSpec.create();

    private final InstantSource clock;
    private final boolean terminal;

    /// @param terminal whether progress is watched as it is printed
    LoadCommand(InstantSource clock, boolean terminal) {
        this.clock = clock;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        LoadPlan plan = plan();
        LoadProgressLine line = new LoadProgressLine(err(), terminal);
        LoadRun run = new LoadRun(plan, quiet ? _ -> {} : line::show);
        CountDownLatch done = new CountDownLatch(1);
        Thread hook = new Thread(() -> stop(run, done), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            LoadReport report = run.run();
            line.end();
            return print(plan, report);
        } catch (LoadException | IOException e) {
            line.end();
            err().println("error: " + e.getMessage());
            return Hairpin.FAILED;
        } finally {
            done.countDown();
            forget(hook);
        }
    }

    private LoadPlan plan() {
        try {
            return options.plan(Objects.requireNonNull(server), clock.instant());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private int print(LoadPlan plan, LoadReport report) throws IOException {
        boolean jsonOnly = json != null && json.toString().equals("-");
        if (json != null && !jsonOnly) {
            Files.writeString(json, new LoadJson(report).text() + System.lineSeparator());
        }
        PrintWriter summary = jsonOnly ? err() : spec.commandLine().getOut();
        if (!quiet) {
            new LoadSummary(plan, report).lines().forEach(summary::println);
        }
        if (jsonOnly) {
            spec.commandLine().getOut().println(new LoadJson(report).text());
        }
        if (report.clients() == 0) {
            err().println("error: no client could be set up");
            LoadSummary.failures(report).forEach(err()::println);
            return Hairpin.FAILED;
        }
        return Hairpin.OK;
    }

    /// Told to stop, the run still gives its allocations back and says what it found.
    private static void stop(LoadRun run, CountDownLatch done) {
        run.stop();
        try {
            boolean inTime = done.await(STOP_SECONDS, TimeUnit.SECONDS);
            if (!inTime) {
                Runtime.getRuntime().halt(Hairpin.FAILED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            LOG.debug("the hook is running", shuttingDown);
        }
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
