package io.hairpin.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Recognises `hairpin serve` as it is usually written, so that a server starts without picocli.
///
/// That library loads and inspects more classes to read a command line than the server needs to
/// run, and they are too old for the AOT cache: half of the time to the first answer went there.
/// Whatever is not recognised here is left to it, and means the same to both.
final class PlainServe {

    private PlainServe() {}

    /// Where the configuration is, if these arguments are a plain `serve`.
    static Optional<ConfigurationOption> parse(
            String[] args, Map<String, String> environment, Path systemConfiguration) {
        if (args.length == 0 || !args[0].equals("serve")) {
            return Optional.empty();
        }
        if (args.length == 1) {
            return Optional.of(new ConfigurationOption(environment, systemConfiguration));
        }
        boolean named = args[1].equals("-c") || args[1].equals("--config");
        return named && args.length == 3 && isPlain(args[2])
                ? Optional.of(
                        new ConfigurationOption(environment, systemConfiguration, Path.of(args[2])))
                : Optional.empty();
    }

    /// Whether picocli too takes it for a value, rather than for an option or a file of arguments.
    private static boolean isPlain(String value) {
        return !value.isEmpty() && value.charAt(0) != '-' && value.charAt(0) != '@';
    }
}
