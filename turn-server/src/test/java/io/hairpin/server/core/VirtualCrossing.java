package io.hairpin.server.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the shards of a simulated server know together of clients that move from one to another.
final class VirtualCrossing {

    final List<VirtualShell> shells = new ArrayList<>();

    /// Connections of all shards: an allocation may be on another one than its client's connection.
    final Map<FiveTuple, VirtualConnection> connections = new HashMap<>();

    /// The shards that have the allocations of clients that have moved.
    final Map<FiveTuple, VirtualShell> homes = new HashMap<>();

    boolean isEmpty() {
        return connections.isEmpty() && homes.isEmpty();
    }
}
