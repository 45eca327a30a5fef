package io.hairpin.interop;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;

/// A program that runs beside the test and is gone when it is closed; what it prints is kept.
public final class Program implements AutoCloseable {

    /// What is kept of a program's output; the rest is read and thrown away.
    private static final int OUTPUT_LIMIT = 8 << 20;

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final List<String> command;
    private final Process process;
    private final Thread reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition printed = lock.newCondition();
    private final StringBuilder output = new StringBuilder();
    private boolean finished;

    private Program(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.reader = Thread.ofVirtual().name("output of " + command.getFirst()).start(this::read);
    }

    static Program start(List<String> command) {
        return start(command, Map.of());
    }

    public static Program start(List<String> command, Map<String, String> environment) {
        return start(command, environment, ProcessBuilder.Redirect.PIPE);
    }

    /// Starts a program that reads a file as its input.
    static Program startReading(Path input, List<String> command) {
        return start(command, Map.of(), ProcessBuilder.Redirect.from(input.toFile()));
    }

    private static Program start(
            List<String> command, Map<String, String> environment, ProcessBuilder.Redirect input) {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input);
        builder.environment().keySet().removeIf(name -> name.startsWith("HAIRPIN_")); // for tests
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new Program(command, process);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    /// Runs a program to its end, which must come before the deadline.
    public static Finished run(List<String> command, Duration deadline) {
        try (Program program = start(command)) {
            OptionalInt exitCode = program.awaitExit(deadline);
            if (exitCode.isEmpty()) {
                throw program.failure("did not finish within " + deadline);
            }
            return new Finished(exitCode.getAsInt(), program.output());
        }
    }

    /// How a program ended and what it had printed, on both its streams.
    public record Finished(int exitCode, String output) {}

    long pid() {
        return process.pid();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /// What the program has printed so far.
    public String output() {
        lock.lock();
        try {
            return output.toString();
        } finally {
            lock.unlock();
        }
    }

    public void awaitOutput(String text, Duration deadline) {
        awaitOutput(
                text,
                printed -> printed.contains(text) ? Optional.of(text) : Optional.empty(),
                deadline);
    }

    /// Waits until something is found in the output. A program that does not print it is closed.
    <T> T awaitOutput(String what, Function<String, Optional<T>> find, Duration deadline) {
        return search(find, deadline.toNanos())
                .orElseThrow(
                        () -> {
                            String when = isRunning() ? " within " + deadline : " before it ended";
                            close();
                            return failure("did not print " + what + when);
                        });
    }

    private <T> Optional<T> search(Function<String, Optional<T>> find, long nanos) {
        long remaining = nanos;
        lock.lock();
        try {
            Optional<T> found = find.apply(output.toString());
            while (found.isEmpty() && !finished && remaining > 0) {
                remaining = printed.awaitNanos(remaining);
                found = find.apply(output.toString());
            }
            return found;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the program's end; empty if it is still running at the deadline.
    public OptionalInt awaitExit(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
                return OptionalInt.empty();
            }
            reader.join(GRACE);
            return OptionalInt.of(process.exitValue());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// An error that tells which program it was and what it had printed.
    public AssertionError failure(String what) {
        return new AssertionError(
                String.join(" ", command) + "\n" + what + "; its output:\n" + output());
    }

    /// Asks the program and what it started to end, and makes them.
    @Override
    public void close() {
        end(process);
        awaitExit(GRACE);
    }

    /// Asks a process and what it started to end, and makes them.
    public static void end(Process process) {
        List<ProcessHandle> family =
                Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        process.toHandle().destroy(); // unlike Process.destroy() it leaves the output to be read
        try {
            if (!process.waitFor(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
        family.forEach(
                handle -> handle.onExit().orTimeout(GRACE.toSeconds(), TimeUnit.SECONDS).join());
    }

    private void read() {
        char[] buffer = new char[8192];
        try (Reader text = process.inputReader()) {
            for (int count = text.read(buffer); count >= 0; count = text.read(buffer)) {
                append(String.valueOf(buffer, 0, count), false);
            }
            append("", true);
        } catch (IOException e) {
            append("\n(the output broke off: " + e + ")\n", true);
        }
    }

    private void append(String text, boolean last) {
        lock.lock();
        try {
            if (output.length() + text.length() <= OUTPUT_LIMIT) {
                output.append(text);
            }
            finished = last;
            printed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while waiting for a program", e);
    }
}
