package io.hairpin.server.core;

import io.hairpin.stun.ChangeRequest;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/// The two addresses and two ports that NAT behaviour discovery is served at (RFC 5780 §6.1), and
/// how often it is. Shared by the cores of a server.
public final class NatDiscovery {

    /// One of the two addresses.
    ///
    /// @param bound what listeners are bound to
    /// @param advertised what clients see, which differs behind a NAT of one address for each
    public record Host(InetAddress bound, InetAddress advertised) {}

    private final Host primary;
    private final Host alternate;
    private final int primaryPort;
    private final int alternatePort;
    private final Set<Transport> carriers;
    private final SourceRates rates;

    /// @param carriers of UDP and TCP, those that there are listeners of at all four
    /// @param rates what keeps the answers of discovery from being somebody's weapon
    public NatDiscovery(
            Host primary,
            Host alternate,
            int primaryPort,
            int alternatePort,
            Set<Transport> carriers,
            SourceRates rates) {
        this.primary = primary;
        this.alternate = alternate;
        this.primaryPort = primaryPort;
        this.alternatePort = alternatePort;
        this.carriers = Set.copyOf(carriers);
        this.rates = rates;
    }

    /// Where the client came to, or null if that is none of the four.
    ///
    /// A proxy would not pass on what comes from elsewhere, so its clients are not served this.
    @Nullable Place place(FiveTuple from) {
        InetSocketAddress server = from.server();
        boolean second = server.getAddress().equals(alternate.bound());
        boolean secondPort = server.getPort() == alternatePort;
        boolean ours =
                (second || server.getAddress().equals(primary.bound()))
                        && (secondPort || server.getPort() == primaryPort)
                        && carriers.contains(from.transport().carrier())
                        && from.proxy() == null;
        return ours ? new Place(second, secondPort) : null;
    }

    /// Whether another answer may be given that serves discovery alone. Whoever is connected has
    /// shown that the address is its own; anybody else may have forged it.
    boolean admits(FiveTuple from, long nowNanos) {
        return from.transport() != Transport.UDP
                || rates.admits(from.client().getAddress(), nowNanos);
    }

    /// One of the four transport addresses.
    final class Place {
        private final boolean alternateAddress;
        private final boolean alternatePort;

        private Place(boolean alternateAddress, boolean alternatePort) {
            this.alternateAddress = alternateAddress;
            this.alternatePort = alternatePort;
        }

        /// The one that differs from this as the client asks (RFC 5780 §6.1, table 1).
        Place changed(ChangeRequest change) {
            return new Place(alternateAddress ^ change.address(), alternatePort ^ change.port());
        }

        /// The one that differs in both.
        Place other() {
            return changed(new ChangeRequest(true, true));
        }

        InetSocketAddress bound() {
            return new InetSocketAddress(host().bound(), port());
        }

        InetSocketAddress advertised() {
            return new InetSocketAddress(host().advertised(), port());
        }

        private Host host() {
            return alternateAddress ? alternate : primary;
        }

        private int port() {
            return alternatePort ? NatDiscovery.this.alternatePort : primaryPort;
        }
    }
}
