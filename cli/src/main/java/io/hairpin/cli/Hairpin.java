package io.hairpin.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.Console;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// The `hairpin` command.
@Command(
        name = "hairpin",
        mixinStandardHelpOptions = true,
        versionProvider = Hairpin.VersionLines.class,
        description = "Hairpin is a STUN and TURN server.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hairpin serve                       try it out on this machine, without"
                    + " configuration",
            "  hairpin check -c hairpin.yaml        see what is wrong with a configuration",
            "  hairpin serve -c hairpin.yaml        serve it",
            "  hairpin credentials -c hairpin.yaml  make a credential for a browser",
            "  hairpin nat stun.example.org         see which NAT this machine is behind",
            "  hairpin load 127.0.0.1 --user alice  see how much a server can take",
            "",
            "'hairpin help COMMAND' explains one command."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            Hairpin.OK + ":all went well",
            Hairpin.FAILED + ":it could not start, for a port in use for example",
            Hairpin.MISTAKEN + ":the configuration or the command line is wrong"
        })
final class Hairpin implements Runnable {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int MISTAKEN = 2;

    @Spec private CommandSpec spec = CommandSpec.create();

    /// The commands as they behave in this environment.
    static CommandLine commandLine(Map<String, String> environment, Path systemConfiguration) {
        return new CommandLine(new Hairpin())
                .addSubcommand(
                        new ServeCommand(
                                new ConfigurationOption(environment, systemConfiguration),
                                new SecureRandom()))
                .addSubcommand(
                        new CheckCommand(new ConfigurationOption(environment, systemConfiguration)))
                .addSubcommand(
                        new CredentialsCommand(
                                new ConfigurationOption(environment, systemConfiguration),
                                InstantSource.system()))
                .addSubcommand(new NatCommand(new SecureRandom()))
                .addSubcommand(new LoadCommand(InstantSource.system(), isTerminal()))
                .addSubcommand(new HelpCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, _) -> explain(e));
    }

    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do: serve, check, credentials, nat, load");
    }

    static int explain(ParameterException e) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("error: " + e.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
            command.getErr()
                    .println("see: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return MISTAKEN;
    }

    /// What `--version` prints.
    static final class VersionLines implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {
                "hairpin " + Version.text(),
                "${java.vm.name} ${java.vm.version}",
                "${os.name} ${os.version} ${os.arch}"
            };
        }
    }
}
