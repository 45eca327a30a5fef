package io.hairpin.bench.compare;

import io.hairpin.bench.report.ResidentMemory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server that has answered, and is ended when this is closed.
final class RunningServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ServerKind kind;
    private final Process process;
    private final Path log;
    private final int port;
    private final Duration firstAnswer;

    private RunningServer(
            ServerKind kind, Process process, Path log, int port, Duration firstAnswer) {
        this.kind = kind;
        this.process = process;
        this.log = log;
        this.port = port;
        this.firstAnswer = firstAnswer;
    }

    /// Starts a server and waits for its first answer, over plain UDP.
    ///
    /// @param secured whether it is to serve TLS and DTLS as well
    static RunningServer start(ServerKind kind, boolean secured, Bench bench) {
        Path log = bench.output().resolve(kind.label() + ".log");
        try (FirstAnswer answer = new FirstAnswer()) {
            int port = Ports.free();
            ProcessBuilder builder =
                    new ProcessBuilder(bench.command(kind, secured, port, Ports.free()))
                            .directory(bench.output().toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile());
            builder.environment().put("HAIRPIN_BUILD", "never");
            long started = System.nanoTime();
            Process process = builder.start();
            try {
                answer.await(Bench.ADDRESS, port, PATIENCE, process::isAlive);
            } catch (IOException | CompareException e) {
                end(process);
                throw new CompareException(
                        kind.title() + " did not start: " + e.getMessage() + tail(log), e);
            }
            Duration taken = Duration.ofNanos(System.nanoTime() - started);
            return new RunningServer(kind, process, log, port, taken);
        } catch (IOException e) {
            throw new CompareException("cannot start " + kind.title() + ": " + e.getMessage(), e);
        }
    }

    /// Waits until TCP connections are accepted, which a server may do later than it answers over
    /// UDP, when it has read its certificate.
    void awaitConnections() {
        long start = System.nanoTime();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(address());
                return;
            } catch (IOException refused) {
                checkAlive();
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new CompareException(
                            kind.title() + " accepts no connection" + tail(log), refused);
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompareException("interrupted", e);
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.ofLiteral(Bench.ADDRESS), port);
    }

    long pid() {
        return process.pid();
    }

    /// From just before the program was executed to the first answer from it.
    Duration firstAnswer() {
        return firstAnswer;
    }

    ResidentMemory memory() {
        try {
            return ResidentMemory.parse(
                    Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")));
        } catch (IOException | IllegalArgumentException e) {
            throw new CompareException("cannot read the memory of " + kind.title(), e);
        }
    }

    /// Fails if the server has ended by itself.
    void checkAlive() {
        if (!process.isAlive()) {
            throw new CompareException(
                    kind.title()
                            + " ended during the run, with "
                            + process.exitValue()
                            + tail(log));
        }
    }

    @Override
    public void close() {
        end(process);
    }

    /// Ends whatever this program has started and not ended yet: servers and generator are its only
    /// children.
    static void endAll() {
        List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
        children.forEach(ProcessHandle::destroy);
        for (ProcessHandle child : children) {
            child.onExit()
                    .completeOnTimeout(child, GRACE.toSeconds(), TimeUnit.SECONDS)
                    .thenAccept(ProcessHandle::destroyForcibly)
                    .join();
        }
    }

    private static void end(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /// The last lines of a log, to go with a message.
    static String tail(Path log) {
        int most = 15;
        try {
            List<String> lines = Files.readAllLines(log);
            List<String> last = lines.subList(Math.max(0, lines.size() - most), lines.size());
            return last.isEmpty()
                    ? "; it printed nothing"
                    : "; it printed:\n  " + String.join("\n  ", last);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }
}
