package io.hairpin.client.nat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What was found out about the NATs between this machine and a server.
///
/// @param local the address and port that requests were sent from
/// @param mapped what the server saw them come from; empty if it never answered
/// @param other the second address and port of the server; empty if it has none
/// @param mapping what mappings depend on; empty if that was not found out
/// @param filtering what is let in depends on; empty if that was not found out
/// @param hairpinning whether two clients behind the NAT reach each other by their mapped
///     addresses; empty if that was not found out
/// @param lifetime how long an unused mapping lives; empty if that was not found out
/// @param remarks why something was not found out
public record NatReport(
        InetSocketAddress server,
        InetSocketAddress local,
        Optional<InetSocketAddress> mapped,
        Optional<InetSocketAddress> other,
        Optional<Dependence> mapping,
        Optional<Dependence> filtering,
        Optional<Boolean> hairpinning,
        Optional<Lifetime> lifetime,
        List<String> remarks) {

    public NatReport {
        remarks = List.copyOf(remarks);
    }

    /// How long an unused mapping lives.
    ///
    /// @param atLeast it was alive after so long
    /// @param lessThan it was gone after so long; empty if it outlived the longest wait
    public record Lifetime(Duration atLeast, Optional<Duration> lessThan) {}

    /// Whether nothing comes back over UDP.
    public boolean blocked() {
        return mapped.isEmpty();
    }

    /// Whether some NAT changes the source of packets.
    public boolean translated() {
        return mapped.filter(address -> !address.equals(local)).isPresent();
    }
}
