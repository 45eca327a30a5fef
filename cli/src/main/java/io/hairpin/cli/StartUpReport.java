package io.hairpin.cli;

import io.hairpin.server.config.AuthenticationConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.LogFormat;
import io.hairpin.server.config.PeersConfig;
import io.hairpin.server.core.Cidr;
import io.netty.util.NetUtil;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is served where, once a server has started: a block for people, or log events.
///
/// @param lines a fact each; what an operator should care about begins with `warning: `
record StartUpReport(List<String> lines) {

    private static final Logger LOG = LoggerFactory.getLogger(StartUpReport.class);

    private static final String WARNING = "warning: ";

    /// More ranges than these are only counted, so that the report stays readable.
    private static final int RANGES_SHOWN = 4;

    /// @param source where the configuration came from
    /// @param served what the server says of itself
    static StartUpReport of(String source, Configuration configuration, List<String> served) {
        Stream<String> configured =
                Stream.of(
                        "realm " + configuration.realm(),
                        "users: " + users(configuration.authentication()),
                        "peers: " + peers(configuration.peers()),
                        "configuration: " + source);
        return new StartUpReport(
                Stream.of(
                                served.stream().filter(line -> !isWarning(line)),
                                configured,
                                served.stream().filter(StartUpReport::isWarning))
                        .flatMap(lines -> lines)
                        .toList());
    }

    /// The report without what only matters where peers are elsewhere.
    StartUpReport withoutWarnings() {
        return new StartUpReport(lines.stream().filter(line -> !isWarning(line)).toList());
    }

    void print(LogFormat format, PrintWriter out) {
        switch (format) {
            case TEXT -> {
                out.println("Hairpin " + Version.text() + " is serving");
                lines.forEach(line -> out.println("  " + line));
                out.flush();
            }
            case JSON -> {
                lines.forEach(StartUpReport::log);
                LOG.atInfo().addKeyValue("version", Version.text()).log("serving");
            }
        }
    }

    private static void log(String line) {
        if (isWarning(line)) {
            LOG.warn(line.substring(WARNING.length()));
        } else {
            LOG.info(line);
        }
    }

    private static boolean isWarning(String line) {
        return line.startsWith(WARNING);
    }

    private static String users(AuthenticationConfig authentication) {
        return counted(authentication.users().size(), "user")
                + ", "
                + counted(authentication.sharedSecrets().size(), "shared secret");
    }

    private static String peers(PeersConfig peers) {
        if (EVERYTHING.stream().allMatch(peers.deny()::contains)) {
            List<Cidr> further =
                    peers.deny().stream().filter(range -> !EVERYTHING.contains(range)).toList();
            return "none" + rules("but allowed", peers.allow()) + rules("also denied", further);
        }
        return "public addresses"
                + rules("also allowed", peers.allow())
                + rules("also denied", peers.deny());
    }

    /// Denying these leaves what is allowed by name.
    private static final List<Cidr> EVERYTHING =
            Stream.of("0.0.0.0/0", "::/0").map(Cidr::parse).flatMap(Optional::stream).toList();

    private static String rules(String verdict, List<Cidr> ranges) {
        if (ranges.isEmpty()) {
            return "";
        }
        String shown =
                ranges.size() > RANGES_SHOWN
                        ? counted(ranges.size(), "range")
                        : ranges.stream()
                                .map(StartUpReport::range)
                                .collect(Collectors.joining(", "));
        return "; " + verdict + ": " + shown;
    }

    private static String range(Cidr range) {
        return NetUtil.toAddressString(range.network()) + "/" + range.prefixLength();
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
