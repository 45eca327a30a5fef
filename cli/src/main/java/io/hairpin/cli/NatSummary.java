package io.hairpin.cli;

import io.hairpin.client.nat.Dependence;
import io.hairpin.client.nat.NatReport;
import io.netty.util.NetUtil;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What was found out about NATs, as people read it.
record NatSummary(NatReport report) {

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(
                line(
                        "server",
                        text(report.server())
                                + report.other().map(it -> ", and " + text(it)).orElse("")));
        lines.add(line("address", address()));
        report.mapping().ifPresent(it -> lines.add(line("mapping", mapping(it))));
        report.filtering().ifPresent(it -> lines.add(line("filtering", filtering(it))));
        report.hairpinning()
                .ifPresent(
                        it ->
                                lines.add(
                                        line(
                                                "hairpinning",
                                                it
                                                        ? "yes: clients behind it reach each other"
                                                                + " by their public addresses"
                                                        : "no: clients behind it do not reach each"
                                                                + " other by their public"
                                                                + " addresses")));
        report.lifetime().ifPresent(it -> lines.add(line("lifetime", lifetime(it))));
        report.mapping().ifPresent(it -> lines.add(line("so", conclusion(it))));
        return lines;
    }

    private String address() {
        return report.mapped()
                .map(
                        mapped ->
                                report.translated()
                                        ? text(report.local())
                                                + " is seen as "
                                                + text(mapped)
                                                + ": there is a NAT"
                                        : text(mapped) + ", as it is: there is no NAT")
                .orElse(text(report.local()) + ", and nothing comes back over UDP");
    }

    private String mapping(Dependence mapping) {
        if (!report.translated()) {
            return "none";
        }
        return name(mapping)
                + switch (mapping) {
                    case ENDPOINT_INDEPENDENT -> ": one public port towards everybody";
                    case ADDRESS_DEPENDENT -> ": another public port for each address sent to";
                    case ADDRESS_AND_PORT_DEPENDENT ->
                            ": another public port for each address and port sent to";
                };
    }

    private String filtering(Dependence filtering) {
        return name(filtering)
                + switch (filtering) {
                    case ENDPOINT_INDEPENDENT -> ": lets in anybody";
                    case ADDRESS_DEPENDENT -> ": lets in addresses that were sent to";
                    case ADDRESS_AND_PORT_DEPENDENT ->
                            ": lets in addresses and ports that were sent to";
                };
    }

    private static String lifetime(NatReport.Lifetime lifetime) {
        return lifetime.lessThan()
                .map(
                        gone ->
                                "an unused mapping ends between "
                                        + seconds(lifetime.atLeast())
                                        + " and "
                                        + seconds(gone))
                .orElse("an unused mapping lives longer than " + seconds(lifetime.atLeast()));
    }

    private static String conclusion(Dependence mapping) {
        return switch (mapping) {
            case ENDPOINT_INDEPENDENT -> "peers can be reached directly, as a rule (ICE)";
            case ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT ->
                    "peers behind a NAT that filters need a relay (TURN)";
        };
    }

    static String name(Dependence dependence) {
        return dependence.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String text(InetSocketAddress address) {
        return NetUtil.toSocketAddressString(address);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    private static String line(String name, String text) {
        return String.format(Locale.ROOT, "%-12s %s", name, text);
    }
}
