package io.hairpin.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

/// Runs one command and exits with its code.
///
/// A server that starts opens no jar but its own until clients are served: opening all fifty takes
/// a fifth of the time to the first answer, and the AOT cache has what is needed of them. So
/// nothing may be looked for on the class path, and what uses picocli, which is too old for the
/// cache, is named only where it is called.
public final class Main {

    private static final Path SYSTEM_CONFIGURATION = Path.of("/etc/hairpin/hairpin.yaml");

    /// What the JDK uses on Linux anyway, unless a jar brings something else.
    private static final String SELECTORS = "sun.nio.ch.EPollSelectorProvider";

    private Main() {}

    /// Runs the command that the arguments say.
    public static void main(String[] args) throws InterruptedException, IOException {
        LoggingProvider.install();
        nameSelectors();
        System.exit(run(args));
    }

    /// Netty opens a selector to have the classes for it loaded. Without a name the JDK would first
    /// look for one in every jar.
    private static void nameSelectors() {
        if (Class.forName(Object.class.getModule(), SELECTORS) != null) {
            System.getProperties().putIfAbsent("java.nio.channels.spi.SelectorProvider", SELECTORS);
        }
    }

    private static int run(String... args) throws InterruptedException, IOException {
        PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
        PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
        if (args.length == 1 && args[0].equals(Rehearsal.COMMAND)) {
            return Rehearsal.run(out, err);
        }
        Map<String, String> environment = System.getenv();
        Optional<ConfigurationOption> plain =
                PlainServe.parse(args, environment, SYSTEM_CONFIGURATION);
        return plain.isPresent()
                ? new ServerProcess(out, err).run(plain.get().find(), new SecureRandom())
                : Hairpin.commandLine(environment, SYSTEM_CONFIGURATION).execute(args);
    }
}
