package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The allocations of one core, and the one place where they end.
///
/// Their number is bounded by [Admission], what each holds by [TurnPolicy].
final class Allocations {

    private final Deadlines deadlines;
    private final Admission admission;
    private final @Nullable ConnectionTable connections;
    private final Map<FiveTuple, Allocation> byClient = new HashMap<>();
    private final Map<AllocationId, Allocation> byId = new HashMap<>();

    /// @param connections those with the peers of TCP relays, if there are any
    Allocations(Deadlines deadlines, Admission admission, @Nullable ConnectionTable connections) {
        this.deadlines = deadlines;
        this.admission = admission;
        this.connections = connections;
    }

    @Nullable Allocation of(FiveTuple client) {
        return byClient.get(client);
    }

    @Nullable Allocation get(AllocationId id) {
        return byId.get(id);
    }

    /// Adds an allocation whose quota has been granted.
    void add(Allocation allocation) {
        enter(allocation.client(), allocation);
        byId.put(allocation.id(), allocation);
    }

    /// Makes a 5-tuple one of the allocation's. There are two while its client moves.
    void enter(FiveTuple client, Allocation allocation) {
        byClient.put(client, allocation);
    }

    /// Takes a 5-tuple from the allocation, if it is one of its.
    void leave(FiveTuple client, Allocation allocation) {
        byClient.remove(client, allocation);
    }

    /// Ends an allocation, all its relays with it.
    List<Effect> close(Allocation allocation, CloseReason reason) {
        List<Effect> effects = new ArrayList<>();
        for (Relay relay : List.copyOf(allocation.relays)) {
            effects.addAll(close(relay, reason));
        }
        return effects;
    }

    /// Ends one relay with its permissions and channels, and the allocation if it was the last.
    List<Effect> close(Relay relay, CloseReason reason) {
        Allocation allocation = relay.allocation;
        allocation.permissions.all().stream()
                .filter(permission -> permission.address().family() == relay.family)
                .forEach(this::remove);
        allocation.channels.all().stream()
                .filter(channel -> channel.address().family() == relay.family)
                .forEach(this::remove);
        deadlines.cancel(relay);
        allocation.relays.remove(relay);

        List<Effect> effects = new ArrayList<>(2);
        if (connections != null) {
            effects.addAll(connections.closeAll(relay));
        }
        effects.add(new Effect.CloseRelay(allocation.id(), relay.family));
        if (allocation.relays.isEmpty()) {
            FiveTuple next = allocation.roaming == null ? null : allocation.roaming.next;
            if (next != null) {
                leave(next, allocation);
                admission.release(Resource.MOVE, allocation.holder);
                effects.add(new Effect.PathRemoved(allocation.id(), next));
            }
            leave(allocation.client(), allocation);
            byId.remove(allocation.id());
            admission.release(allocation);
            effects.add(new Effect.AllocationClosed(allocation.id(), allocation.client(), reason));
        }
        return effects;
    }

    void remove(Permission permission) {
        deadlines.cancel(permission);
        permission.allocation.permissions.remove(permission.address());
        admission.release(Resource.PERMISSION, permission.allocation.holder);
    }

    void remove(Channel channel) {
        deadlines.cancel(channel);
        channel.allocation.channels.remove(channel);
        admission.release(Resource.CHANNEL, channel.allocation.holder);
    }
}
