package io.hairpin.lab;

import io.hairpin.interop.Program;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A browser that is told what to do by the DevTools protocol over its pipes, so that it needs no
/// port and no network of its own for that, and a namespace without any way out is as good as
/// another.
final class DevTools implements AutoCloseable {

    private static final int LONGEST_MESSAGE = 16 << 20;

    /// Gives the browser names of its own, in a mount namespace of its own; it reads commands from
    /// descriptor 3 and answers to descriptor 4.
    private static final String SHELL =
            "mount --bind \"$0\" /etc/hosts && exec \"$@\" 3<&0 4>&1 </dev/null >&2";

    private final Process process;
    private final OutputStream commands;
    private final Consumer<Json> events;
    private final Map<String, CompletableFuture<Json>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();

    private DevTools(Process process, Consumer<Json> events) {
        this.process = process;
        this.commands = process.getOutputStream();
        this.events = events;
    }

    /// Starts a browser.
    ///
    /// @param hosts the names it knows, as /etc/hosts has them
    /// @param folder for what it writes, its log among it
    /// @param events who is told what happens in it
    static DevTools start(
            Namespace in, List<String> browser, Path hosts, Path folder, Consumer<Json> events) {
        List<String> command =
                in.command(List.of("unshare", "--mount", "sh", "-c", SHELL, hosts.toString()));
        command.addAll(browser);
        command.add("--remote-debugging-pipe");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(folder.resolve("browser.log").toFile());
        builder.environment().put("TMPDIR", folder.toString());
        builder.environment().put("HOME", folder.toString());
        try {
            DevTools started = new DevTools(builder.start(), events);
            Thread.ofVirtual().name("DevTools").start(started::read);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    /// Sends a command and returns what becomes its result.
    ///
    /// @param session what it is meant for; the browser itself if empty
    CompletableFuture<Json> send(String session, String method, Map<String, Object> parameters) {
        String id = String.valueOf(lastId.incrementAndGet());
        CompletableFuture<Json> answer = new CompletableFuture<>();
        answers.put(id, answer);
        Map<String, Object> message = new HashMap<>();
        message.put("id", Integer.valueOf(id));
        message.put("method", method);
        message.put("params", parameters);
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        try {
            synchronized (commands) {
                commands.write((Json.of(message) + '\0').getBytes(StandardCharsets.UTF_8));
                commands.flush();
            }
        } catch (IOException e) {
            answers.remove(id);
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private void read() {
        try (InputStream input = new BufferedInputStream(process.getInputStream())) {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            for (int b = input.read(); b >= 0; b = input.read()) {
                if (b == 0) {
                    received(Json.parse(message.toString(StandardCharsets.UTF_8)));
                    message.reset();
                } else if (message.size() == LONGEST_MESSAGE) {
                    throw new IOException("a message is longer than " + LONGEST_MESSAGE);
                } else {
                    message.write(b);
                }
            }
            fail(new IOException("it has ended"));
        } catch (IOException e) {
            fail(e);
        }
    }

    private void fail(IOException why) {
        answers.values().forEach(answer -> answer.completeExceptionally(why));
    }

    private void received(Json message) {
        String id = message.find("id").orElse("");
        if (id.isEmpty()) {
            events.accept(message);
            return;
        }
        CompletableFuture<Json> answer = answers.remove(id);
        if (answer == null) {
            return;
        }
        message.find("error/message")
                .ifPresentOrElse(
                        why -> answer.completeExceptionally(new IOException(why)),
                        () -> answer.complete(message.under("result")));
    }

    @Override
    public void close() {
        Program.end(process);
    }
}
