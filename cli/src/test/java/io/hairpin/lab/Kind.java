package io.hairpin.lab;

import static io.hairpin.client.nat.Dependence.ADDRESS_AND_PORT_DEPENDENT;
import static io.hairpin.client.nat.Dependence.ADDRESS_DEPENDENT;
import static io.hairpin.client.nat.Dependence.ENDPOINT_INDEPENDENT;

import io.hairpin.client.nat.Dependence;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A kind of network that browsers are behind. Its rules are in a file of the name that is said.
enum Kind {
    PUBLIC(
            "public",
            "",
            "a public IPv4 address and nothing in between",
            ENDPOINT_INDEPENDENT,
            ENDPOINT_INDEPENDENT),
    FULL_CONE(
            "full-cone",
            "full-cone",
            "one port outside, at which everybody reaches the client",
            ENDPOINT_INDEPENDENT,
            ENDPOINT_INDEPENDENT),
    ADDRESS_RESTRICTED(
            "address-restricted",
            "address-restricted",
            "one port outside, open to the addresses that were sent to",
            ENDPOINT_INDEPENDENT,
            ADDRESS_DEPENDENT),
    PORT_RESTRICTED(
            "port-restricted",
            "port-restricted",
            "one port outside, open to the addresses and ports that were sent to",
            ENDPOINT_INDEPENDENT,
            ADDRESS_AND_PORT_DEPENDENT),
    SYMMETRIC(
            "symmetric",
            "symmetric",
            "another port outside for everyone that is sent to",
            ADDRESS_AND_PORT_DEPENDENT,
            ADDRESS_AND_PORT_DEPENDENT),
    SYMMETRIC_NO_HAIRPIN(
            "symmetric-no-hairpin",
            "symmetric",
            "the same; a pair of these is behind one NAT that keeps its clients apart",
            ADDRESS_AND_PORT_DEPENDENT,
            ADDRESS_AND_PORT_DEPENDENT),
    CARRIER(
            "cgnat",
            "port-restricted",
            "port-restricted, and a carrier's NAT before it; a pair of these shares the carrier's",
            ENDPOINT_INDEPENDENT,
            ADDRESS_AND_PORT_DEPENDENT),
    IPV6(
            "ipv6-nat64",
            "nat64",
            "IPv6 alone behind a firewall, and IPv4 by NAT64",
            ENDPOINT_INDEPENDENT,
            ADDRESS_AND_PORT_DEPENDENT),
    NO_UDP(
            "no-udp",
            "no-udp",
            "a firewall that lets only TCP out",
            ADDRESS_AND_PORT_DEPENDENT,
            ADDRESS_AND_PORT_DEPENDENT),
    TCP_443(
            "tcp-443",
            "tcp-443",
            "a firewall that lets only TCP out, and only to port 443",
            ADDRESS_AND_PORT_DEPENDENT,
            ADDRESS_AND_PORT_DEPENDENT);

    private final String label;
    private final String rules;
    private final String description;
    private final Dependence mapping;
    private final Dependence filtering;

    Kind(String label, String rules, String description, Dependence mapping, Dependence filtering) {
        this.label = label;
        this.rules = rules;
        this.description = description;
        this.mapping = mapping;
        this.filtering = filtering;
    }

    static Optional<Kind> find(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }

    String label() {
        return label;
    }

    /// The file with its rules, without its ending.
    String rules() {
        return rules;
    }

    String description() {
        return description;
    }

    Dependence mapping() {
        return mapping;
    }

    Dependence filtering() {
        return filtering;
    }

    /// How a browser there may speak with the relay it uses (`relayProtocol` of WebRTC's
    /// statistics).
    List<String> relayProtocols() {
        return switch (this) {
            case NO_UDP -> List.of("tcp", "tls");
            case TCP_443 -> List.of("tls");
            default -> List.of("udp");
        };
    }

    boolean passesUdp() {
        return relayProtocols().contains("udp");
    }

    /// Whether two of them are behind one NAT.
    boolean isShared() {
        return this == SYMMETRIC_NO_HAIRPIN || this == CARRIER;
    }

    /// Whether it is IPv6 alone, or IPv4 alone.
    boolean isIpv6() {
        return this == IPV6;
    }

    @Override
    public String toString() {
        return label;
    }
}
