package io.hairpin.server.core;

import io.hairpin.server.core.PeerPolicy.Rule;

import java.util.List;

/// The address ranges that a relay on the public internet has no business with, after the IANA
/// special-purpose registries.
final class SpecialPurposeRanges {

    /// No configuration opens these: none of them names one host.
    static final List<Rule> NEVER =
            List.of(
                    deny("0.0.0.0/8", "this network"),
                    deny("224.0.0.0/4", "multicast"),
                    deny("255.255.255.255/32", "broadcast"),
                    deny("::/128", "unspecified"),
                    deny("ff00::/8", "multicast"));

    /// Denied unless a configured rule of at least the same prefix length allows them.
    static final List<Rule> DENIED =
            List.of(
                    deny("10.0.0.0/8", "private"),
                    deny("100.64.0.0/10", "carrier-grade NAT"),
                    deny("127.0.0.0/8", "loopback"),
                    deny("169.254.0.0/16", "link-local, cloud metadata"),
                    deny("172.16.0.0/12", "private"),
                    deny("192.0.0.0/24", "IETF protocol assignments"),
                    deny("192.0.2.0/24", "documentation"),
                    deny("192.88.99.0/24", "6to4 relay anycast"),
                    deny("192.168.0.0/16", "private"),
                    deny("198.18.0.0/15", "benchmarking"),
                    deny("198.51.100.0/24", "documentation"),
                    deny("203.0.113.0/24", "documentation"),
                    deny("240.0.0.0/4", "reserved"),
                    deny("168.63.129.16/32", "cloud metadata"),
                    deny("::1/128", "loopback"),
                    deny("64:ff9b:1::/48", "local NAT64"),
                    deny("100::/64", "discard"),
                    deny("2001::/23", "IETF protocol assignments, Teredo"),
                    deny("2001:db8::/32", "documentation"),
                    deny("2002::/16", "6to4"),
                    deny("3fff::/20", "documentation"),
                    deny("5f00::/16", "segment routing"),
                    deny("fc00::/7", "private"),
                    deny("fe80::/10", "link-local"),
                    deny("fec0::/10", "site-local"));

    private SpecialPurposeRanges() {}

    private static Rule deny(String range, String why) {
        return new Rule(Cidr.of(range), false, why);
    }
}
