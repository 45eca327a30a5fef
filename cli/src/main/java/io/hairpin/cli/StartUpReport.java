package io.hairpin.cli;

import io.hairpin.server.TurnServer;
import io.hairpin.server.config.AuthenticationConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.PeersConfig;
import io.hairpin.server.config.RelayAddress;
import io.hairpin.server.core.Transport;
import io.netty.util.NetUtil;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is served where, once a server has started.
///
/// @param source where the configuration came from
/// @param listening what was bound, which differs from the configuration where that said port 0
/// @param relaying the addresses relayed on, the server's own ones where none were configured
/// @param admin the endpoint of metrics and health
/// @param dataPath which implementation moves the packets
record StartUpReport(
        String source,
        Configuration configuration,
        List<String> listening,
        List<String> relaying,
        String admin,
        String dataPath) {

    private static final int LABEL_WIDTH = 12;

    static StartUpReport of(TurnServer server, String source, Configuration configuration) {
        return new StartUpReport(
                source,
                configuration,
                Stream.of(Transport.values())
                        .flatMap(
                                transport ->
                                        server.addresses(transport).stream()
                                                .map(bound -> listening(transport, bound)))
                        .toList(),
                server.relayAddresses().stream().map(StartUpReport::relaying).toList(),
                "http://" + NetUtil.toSocketAddressString(server.adminAddress()),
                server.dataPath());
    }

    /// More ranges than these are only counted, so that the report stays readable.
    private static final int RANGES_SHOWN = 4;

    /// The report as a block for people.
    String toText() {
        return facts().entrySet().stream()
                .map(fact -> "  " + label(fact.getKey()) + fact.getValue())
                .collect(
                        Collectors.joining(
                                "\n", "Hairpin " + Hairpin.Version.text() + " is serving\n", ""));
    }

    /// The report as names and values, in the order a reader wants them.
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("realm", configuration.realm());
        facts.put("listening", String.join(", ", listening));
        facts.put("relaying", String.join(", ", relaying));
        facts.put("ports", configuration.relay().ports().toString());
        facts.put("users", users(configuration.authentication()));
        facts.put("peers", peers(configuration.peers()));
        facts.put("admin", admin);
        facts.put("data path", dataPath);
        facts.put("configured", source);
        return facts;
    }

    private static String listening(Transport transport, InetSocketAddress bound) {
        return transport.name().toLowerCase(Locale.ROOT)
                + " "
                + NetUtil.toSocketAddressString(bound);
    }

    private static String relaying(RelayAddress relay) {
        String bind = NetUtil.toAddressString(relay.bind());
        return relay.bind().equals(relay.advertise())
                ? bind
                : bind + " as " + NetUtil.toAddressString(relay.advertise());
    }

    private static String users(AuthenticationConfig authentication) {
        return counted(authentication.users().size(), "user")
                + ", "
                + counted(authentication.sharedSecrets().size(), "shared secret");
    }

    private static String peers(PeersConfig peers) {
        return "public addresses" + rules("allowed", peers.allow()) + rules("denied", peers.deny());
    }

    private static String rules(String verdict, List<?> ranges) {
        if (ranges.isEmpty()) {
            return "";
        }
        return "; "
                + verdict
                + ": "
                + (ranges.size() > RANGES_SHOWN
                        ? counted(ranges.size(), "range")
                        : ranges.stream().map(Object::toString).collect(Collectors.joining(", ")));
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String label(String name) {
        return name + " ".repeat(LABEL_WIDTH - name.length());
    }
}
