package io.hairpin.server.config;

import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The second address and port that clients learn about their NATs by (RFC 5780), and what limits
/// them. The first ones are those of a listener, see [#primary].
///
/// @param advertise what the world sees in place of the primary address
/// @param alternateAdvertise the same for the alternate address
/// @param requestsPerSecond what all sources together may ask for
/// @param requestsPerSource what one source, an IPv4 address or the /64 of an IPv6 one, may ask for
///     in a second
public record NatDiscoveryConfig(
        InetAddress alternateAddress,
        @Default("3479") int alternatePort,
        Optional<InetAddress> advertise,
        Optional<InetAddress> alternateAdvertise,
        @Default("1000") int requestsPerSecond,
        @Default("50") int requestsPerSource) {

    private static final int MILLION = 1_000_000;

    private static final String KEY = "nat-discovery.";

    public NatDiscoveryConfig {
        String shown = NetUtil.toAddressString(alternateAddress);
        new Rules()
                .check(
                        isHost(alternateAddress),
                        "alternate-address",
                        shown,
                        "it is not the address of a single host",
                        "name the second address of this machine")
                .range("alternate-port", alternatePort, 1, 65535)
                .checkAll(advertised("advertise", advertise, alternateAddress))
                .checkAll(advertised("alternate-advertise", alternateAdvertise, alternateAddress))
                .check(
                        advertise.isPresent() == alternateAdvertise.isPresent(),
                        List.of("alternate-advertise", "advertise"),
                        "",
                        "advertise and alternate-advertise belong together",
                        "set both: behind a NAT the world sees neither address as it is")
                .check(
                        advertise.isEmpty() || !advertise.equals(alternateAdvertise),
                        "alternate-advertise",
                        alternateAdvertise.map(NetUtil::toAddressString).orElse(""),
                        "it is the same as advertise",
                        "give each address a public one of its own")
                .range("requests-per-second", requestsPerSecond, 1, MILLION)
                .range("requests-per-source", requestsPerSource, 1, MILLION)
                .enforce();
    }

    /// The listener whose address and port are the primary ones: the first for UDP that is on an
    /// address of its own, of the family of the alternate address.
    public Optional<ListenerConfig> primary(List<ListenerConfig> listeners) {
        return listeners.stream()
                .filter(this::isOfFamily)
                .filter(each -> each.transport().carrier() == ListenerTransport.UDP)
                .filter(each -> !each.address().isAnyLocalAddress())
                .findFirst();
    }

    /// What is wrong with this beside those listeners.
    List<Violation> violations(List<ListenerConfig> listeners) {
        Optional<ListenerConfig> primary = primary(listeners);
        if (primary.isEmpty()) {
            return List.of(
                    violation(
                            "alternate-address",
                            NetUtil.toAddressString(alternateAddress),
                            "no UDP listener of that family is on an address of its own, and"
                                    + " clients have to be told which two addresses there are",
                            "name the primary address in listeners, such as { transport: udp,"
                                    + " address: 10.0.0.5, port: 3478 }"));
        }
        ListenerConfig listener = primary.get();
        List<Violation> violations = new ArrayList<>();
        if (listener.address().equals(alternateAddress)) {
            violations.add(
                    violation(
                            "alternate-address",
                            NetUtil.toAddressString(alternateAddress),
                            "the listener " + listener + " has that address already",
                            "name another address of this machine"));
        }
        if (listener.port() == alternatePort) {
            violations.add(
                    violation(
                            "alternate-port",
                            Integer.toString(alternatePort),
                            "the listener " + listener + " has that port already",
                            "choose another port, such as 3479"));
        }
        if (listener.port() == 0) {
            violations.add(
                    violation(
                            "alternate-port",
                            Integer.toString(alternatePort),
                            "the port of the listener "
                                    + listener
                                    + " is the system's choice, and"
                                    + " the alternate address needs the same",
                            "give the listener a port"));
        }
        listeners.stream()
                .filter(each -> each.address().isAnyLocalAddress() && isOfFamily(each))
                .filter(each -> each.transport().carrier() == ListenerTransport.UDP)
                .filter(each -> each.port() == listener.port() || each.port() == alternatePort)
                .forEach(
                        each ->
                                violations.add(
                                        violation(
                                                "alternate-address",
                                                NetUtil.toAddressString(alternateAddress),
                                                "the listener "
                                                        + each
                                                        + " has a port that is"
                                                        + " needed on both addresses alone",
                                                "remove that listener, or move it to another"
                                                        + " port")));
        return violations;
    }

    private boolean isOfFamily(ListenerConfig listener) {
        return listener.address().getClass() == alternateAddress.getClass();
    }

    private static List<Violation> advertised(
            String key, Optional<InetAddress> address, InetAddress alternate) {
        Rules rules = new Rules();
        address.ifPresent(
                it ->
                        rules.check(
                                        it.getClass() == alternate.getClass(),
                                        key,
                                        NetUtil.toAddressString(it),
                                        "it is of another family than alternate-address",
                                        "advertise an IPv4 address for an IPv4 one and IPv6 for"
                                                + " IPv6")
                                .check(
                                        isHost(it),
                                        key,
                                        NetUtil.toAddressString(it),
                                        "nobody can send to that address",
                                        "advertise the address clients reach this machine at"));
        return rules.violations();
    }

    private static boolean isHost(InetAddress address) {
        return !address.isAnyLocalAddress() && !address.isMulticastAddress();
    }

    private static Violation violation(String key, String value, String message, String remedy) {
        return new Violation(List.of(KEY + key, "listeners"), value, message, remedy);
    }
}
