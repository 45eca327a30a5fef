package io.hairpin.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.net.SocketException;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/// Runs the server until it is told to stop.
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Serves until it is stopped by SIGTERM or Ctrl-C.",
            "",
            "Without a configuration it serves a try-out: peers on this machine alone, and a user"
                    + " made up on the spot, printed with the iceServers value to use it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hairpin serve",
            "  hairpin serve -c /etc/hairpin/hairpin.yaml",
            "  HAIRPIN_REALM=example.org \\",
            "  HAIRPIN_AUTHENTICATION_SHARED_SECRETS_FILE=/run/secrets/turn hairpin serve"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            Hairpin.OK + ":it was told to stop, and did",
            Hairpin.FAILED + ":it could not start, for a port in use for example",
            Hairpin.MISTAKEN + ":the configuration is wrong; hairpin check says how"
        })
final class ServeCommand implements Callable<Integer> {

    @Mixin private final ConfigurationOption option;

    @Spec private CommandSpec spec = CommandSpec.create();

    private final RandomGenerator random;

    /// @param random makes the secrets of a try-out
    ServeCommand(ConfigurationOption option, RandomGenerator random) {
        this.option = option;
        this.random = random;
    }

    @Override
    public Integer call() throws InterruptedException, SocketException {
        return new ServerProcess(spec.commandLine().getOut(), spec.commandLine().getErr())
                .run(option.find(), random);
    }
}
