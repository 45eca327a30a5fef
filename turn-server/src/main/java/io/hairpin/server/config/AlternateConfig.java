package io.hairpin.server.config;

import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;

/// Another server, for clients that speak that transport here as well.
///
/// @param domain the name in its certificate, without which clients could not validate that
/// @param askedAt the address of this server that it is for, such as an anycast one; empty for all
public record AlternateConfig(
        ListenerTransport transport,
        InetAddress address,
        int port,
        Optional<String> domain,
        Optional<InetAddress> askedAt,
        @Default("1") int weight) {

    private static final int MAX_WEIGHT = 1000;
    private static final int MAX_DOMAIN_LENGTH = 253;

    public AlternateConfig {
        boolean secure = transport != transport.carrier();
        new Rules()
                .range("port", port, 1, 65535)
                .range("weight", weight, 1, MAX_WEIGHT)
                .check(
                        !address.isAnyLocalAddress() && !address.isMulticastAddress(),
                        "address",
                        NetUtil.toAddressString(address),
                        "no client can connect to it",
                        "use the public address of the other server")
                .check(
                        !secure || domain.isPresent(),
                        "domain",
                        "",
                        "it is missing, and without it clients cannot validate the certificate of"
                                + " the other server",
                        "set it to the name in that certificate, such as turn2.example.org")
                .check(
                        domain.isEmpty() || isDomain(domain.get()),
                        "domain",
                        domain.orElse(""),
                        "it is not a domain",
                        "write it in ASCII, such as turn2.example.org")
                .enforce();
    }

    private static boolean isDomain(String domain) {
        return !domain.isEmpty()
                && domain.length() <= MAX_DOMAIN_LENGTH
                && domain.chars()
                        .allMatch(
                                c ->
                                        c < 128
                                                && (Character.isLetterOrDigit(c)
                                                        || "-._".indexOf(c) >= 0));
    }

    /// Whether clients are sent there that came to this server at that address.
    public boolean isFor(InetAddress here) {
        return askedAt.isEmpty() || askedAt.get().equals(here);
    }

    @Override
    public String toString() {
        return transport.name().toLowerCase(Locale.ROOT)
                + " "
                + NetUtil.toSocketAddressString(new InetSocketAddress(address, port))
                + askedAt.map(at -> " for those who ask at " + NetUtil.toAddressString(at))
                        .orElse("");
    }
}
