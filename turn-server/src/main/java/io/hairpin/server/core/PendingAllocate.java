package io.hairpin.server.core;

import io.hairpin.stun.AddressError;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ErrorCode;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An Allocate request that waits for its relays to open.
final class PendingAllocate {

    final AllocationId id;
    final Request request;
    final RelayTransport transport;
    private final long askedAtNanos;
    private final Set<AddressFamily> awaited = EnumSet.noneOf(AddressFamily.class);
    final Map<AddressFamily, InetSocketAddress> opened = new EnumMap<>(AddressFamily.class);
    final List<String> failures = new ArrayList<>(1);
    @Nullable InetSocketAddress reserved;

    /// Why one of two families is missing (RFC 8656 §18.12).
    @Nullable AddressError addressError;

    /// Whether a place for a reservation is held until the request is complete.
    boolean holdsPlace;

    /// The client is gone: what still opens is to be closed again.
    boolean abandoned;

    PendingAllocate(AllocationId id, Request request, RelayTransport transport, long nowNanos) {
        this.id = id;
        this.request = request;
        this.transport = transport;
        this.askedAtNanos = nowNanos;
    }

    /// Cuts a lifetime by what an access token, or a credential that ends all, has left by now.
    long bounded(long lifetimeSeconds, long nowNanos) {
        return request.bounded(lifetimeSeconds, nowNanos - askedAtNanos);
    }

    void await(AddressFamily family) {
        awaited.add(family);
    }

    void opened(Event.RelayOpened event) {
        arrived(event.family());
        opened.put(event.family(), event.relayed());
        if (event.reserved() != null) {
            reserved = event.reserved();
        }
    }

    void failed(AddressFamily family, ErrorCode code, String reason) {
        failures.add(reason);
        addressError = new AddressError(family, code.code(), code.reason());
    }

    /// Notes that the answer for `family` is here; there is one for each family asked for.
    void arrived(AddressFamily family) {
        if (!awaited.remove(family)) {
            throw new IllegalStateException("no relay of " + family + " was asked for by " + id);
        }
    }

    boolean isComplete() {
        return awaited.isEmpty();
    }
}
