package io.hairpin.cli;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/// Runs a command as an operator would and keeps what it prints.
record Terminal(Map<String, String> environment, Path systemConfiguration) {

    record Printed(int code, String out, String err) {}

    /// One without variables, on a machine without a configuration.
    static Terminal bare() {
        return new Terminal(Map.of(), Path.of("no-such-folder", "hairpin.yaml"));
    }

    Terminal with(Map<String, String> environment) {
        return new Terminal(environment, systemConfiguration);
    }

    Printed run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine =
                Hairpin.commandLine(environment, systemConfiguration)
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .setColorScheme(
                                CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int code = commandLine.execute(arguments);
        return new Printed(code, out.toString(), err.toString());
    }
}
