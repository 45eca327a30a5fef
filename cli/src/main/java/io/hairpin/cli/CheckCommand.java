package io.hairpin.cli;

import io.hairpin.server.CertificateCheck;
import io.hairpin.server.LimitsTable;
import io.hairpin.server.StartupException;
import io.hairpin.server.config.ConfigProblem;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.Loaded;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Says what a configuration amounts to, or everything that is wrong with it.
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the effective configuration with all defaults filled in and secrets left out,"
                    + " and a table of its limits; or all that is wrong, each with its line and"
                    + " what to do. Certificates and keys are read as well, so run it as the user"
                    + " that serves."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hairpin check -c conf/hairpin.yaml",
            "  HAIRPIN_LIMITS_MAX_LIFETIME=2h hairpin check -c conf/hairpin.yaml"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            Hairpin.OK + ":a server can be started with it",
            Hairpin.MISTAKEN + ":there are problems, or no configuration"
        })
final class CheckCommand implements Callable<Integer> {

    @Mixin private final ConfigurationOption option;

    @Spec private CommandSpec spec = CommandSpec.create();

    CheckCommand(ConfigurationOption option) {
        this.option = option;
    }

    @Override
    public Integer call() {
        Optional<ConfigurationOption.Found> found = option.find();
        if (found.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("error: there is no configuration to check; name one with --config");
            return Hairpin.MISTAKEN;
        }
        return switch (found.get().loaded()) {
            case Loaded.Valid(Configuration configuration) ->
                    check(found.get().source(), configuration);
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    ConfigurationOption.report(problems, spec.commandLine().getErr());
        };
    }

    private int check(String source, Configuration configuration) {
        List<String> certificates;
        try {
            certificates = CertificateCheck.describe(configuration);
        } catch (StartupException e) {
            spec.commandLine().getErr().println("error: " + e.getMessage());
            return Hairpin.MISTAKEN;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(configuration.toYaml());
        LimitsTable.describe(configuration).forEach(line -> out.println("# " + line));
        certificates.forEach(line -> out.println("# " + line));
        out.println("# ok: " + source);
        return Hairpin.OK;
    }
}
