package io.hairpin.server.core;

import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/// How many requests are answered over UDP whose sender has not shown who it is: their source may
/// be forged, and the answers somebody else's flood. Shared by the cores of a server; thread-safe,
/// and its memory does not grow.
///
/// A source that has authenticated of late is answered always: it has proven that the address is
/// its own. Answers by TCP, TLS and DTLS go to whoever has proven that before, so they are not
/// counted.
public final class Strangers {

    private final SourceRates rates;
    private final KnownSources known;

    /// @param perSource how many a second get an answer of each IPv4 address or IPv6 /64
    /// @param perNetwork how many of each IPv4 /24 or IPv6 /48
    /// @param inAll how many of all sources together
    /// @param seed a number that nobody else can guess
    public Strangers(int perSource, int perNetwork, int inAll, long seed) {
        rates = new SourceRates(perSource, perNetwork, inAll, seed);
        known = new KnownSources(Mixing.of(seed + 1));
    }

    /// Notes that a request from there has been authenticated.
    void authenticated(FiveTuple from, long nowNanos) {
        if (from.transport() == Transport.UDP) {
            InetAddress host = from.client().getAddress();
            known.add(
                    SourceRates.source(TransportAddress.high(host), TransportAddress.low(host)),
                    nowNanos);
        }
    }

    /// Why a request from there gets no answer, or null if it gets one, which counts.
    @Nullable DropReason refusal(FiveTuple from, long nowNanos) {
        if (from.transport() != Transport.UDP) {
            return null;
        }
        InetAddress host = from.client().getAddress();
        long high = TransportAddress.high(host);
        long low = TransportAddress.low(host);
        return known.contains(SourceRates.source(high, low), nowNanos)
                ? null
                : reason(rates.use(high, low, nowNanos));
    }

    /// Why a request from the host with these numbers (see [TransportAddress]) would get no answer
    /// now, or null if it would. Nothing is counted, and no object made.
    @Nullable DropReason refusal(long high, long low, long nowNanos) {
        return known.contains(SourceRates.source(high, low), nowNanos)
                ? null
                : reason(rates.spent(high, low, nowNanos));
    }

    private static @Nullable DropReason reason(SourceRates.@Nullable Share spent) {
        return switch (spent) {
            case null -> null;
            case SOURCE -> DropReason.UNAUTHENTICATED_PER_SOURCE;
            case NETWORK -> DropReason.UNAUTHENTICATED_PER_NETWORK;
            case ALL -> DropReason.UNAUTHENTICATED_IN_ALL;
        };
    }
}
