package io.hairpin.lab;

import io.hairpin.interop.Chromium;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The page `lab/call.html` in a browser of its own, which is one end of a call.
final class Page implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final DevTools devTools;
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private volatile Consumer<String> signals = signal -> {};
    private String session = "";

    private Page(Namespace in, List<String> browser, Path hosts, Path folder) {
        this.devTools = DevTools.start(in, browser, hosts, folder, this::onEvent);
    }

    /// Starts a browser; the page is there once it is loaded.
    ///
    /// @param in where the browser is
    /// @param folder an empty one, for what it writes
    /// @param names what it knows of names, as /etc/hosts has it
    /// @param flags more of what it is told at its start
    static Page start(Namespace in, Path folder, String names, String... flags) {
        Path hosts = folder.resolve("hosts");
        try {
            Files.createDirectories(folder);
            Files.writeString(hosts, names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> browser = new ArrayList<>(Chromium.command(folder.resolve("profile")));
        Collections.addAll(browser, flags);
        return new Page(in, browser, hosts, folder);
    }

    void load(Path file) {
        String target = call("Target.createTarget", Map.of("url", "about:blank")).text("targetId");
        session =
                call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                        .text("sessionId");
        call("Runtime.enable", Map.of());
        call("Runtime.addBinding", Map.of("name", "signal"));
        call("Page.enable", Map.of());
        call("Page.navigate", Map.of("url", file.toUri().toString()));
        await(loaded);
    }

    private Json call(String method, Map<String, Object> parameters) {
        return await(devTools.send(session, method, parameters));
    }

    /// Who is told what the other end has to know, as JSON.
    void onSignal(Consumer<String> consumer) {
        signals = consumer;
    }

    /// Evaluates an expression and waits for what it promises.
    Json evaluate(String expression) {
        return await(begin(expression));
    }

    /// Evaluates an expression; the answer comes when its promise is kept.
    CompletableFuture<Json> begin(String expression) {
        Map<String, Object> evaluation =
                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true);
        return devTools.send(session, "Runtime.evaluate", evaluation)
                .thenApply(
                        answer -> {
                            answer.find("exceptionDetails/exception/description")
                                    .or(() -> answer.find("exceptionDetails/text"))
                                    .ifPresent(
                                            why -> {
                                                throw new CallException(why);
                                            });
                            return answer.under("result/value");
                        });
    }

    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof CallException failure) {
                throw failure;
            }
            throw new CallException("the browser: " + e.getCause());
        }
    }

    private void onEvent(Json event) {
        switch (event.find("method").orElse("")) {
            case "Runtime.bindingCalled" -> signals.accept(event.text("params/payload"));
            case "Page.loadEventFired" -> loaded.complete(null);
            default -> {} // of no interest
        }
    }

    @Override
    public void close() {
        devTools.close();
    }
}
