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
import java.io.IOException;
import java.io.PrintWriter;
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
public final class Hairpin implements Runnable {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int MISTAKEN = 2;

    private static final Path SYSTEM_CONFIGURATION = Path.of("/etc/hairpin/hairpin.yaml");

    @Spec private CommandSpec spec = CommandSpec.create();

    /// Runs one command and exits with its code.
    public static void main(String[] args) throws InterruptedException, IOException {
        LoggingProvider.install();
        System.exit(run(args));
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
                : commandLine(environment, SYSTEM_CONFIGURATION).execute(args);
    }

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
