package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Collectors;

/// The bandwidth that allocations share: that of each user, each realm and the server. Shared by
/// all shards, thread-safe. Allocations come and go here; their packets do not.
///
/// A user is known from the first allocation until the last has ended and all credit has come back:
/// whoever ends all allocations and makes new ones gets no more than whoever keeps theirs.
public final class SharedBandwidth {

    private final BandwidthLimits limits;
    private final @Nullable BandwidthPool server;
    private final Map<String, BandwidthPool> realms;
    private final Map<Owner, User> users = new HashMap<>();

    /// Those without an allocation, in the order in which their last one ended.
    private final Queue<User> leaving = new ArrayDeque<>();

    /// What one user has.
    static final class User {
        final Owner owner;
        final BandwidthPool toPeers;
        final BandwidthPool toClient;
        private int allocations;
        private boolean isLeaving;

        User(Owner owner, Bandwidth bandwidth) {
            this.owner = owner;
            toPeers = new BandwidthPool(bandwidth);
            toClient = new BandwidthPool(bandwidth);
        }

        private boolean isFull(long nowNanos) {
            return toPeers.fullAtNanos() <= nowNanos && toClient.fullAtNanos() <= nowNanos;
        }
    }

    public SharedBandwidth(BandwidthLimits limits) {
        this.limits = limits;
        server = limits.server() == null ? null : new BandwidthPool(limits.server());
        realms =
                limits.realms().entrySet().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey,
                                        entry -> new BandwidthPool(entry.getValue())));
    }

    BandwidthLimits limits() {
        return limits;
    }

    @Nullable BandwidthPool server() {
        return server;
    }

    /// That of a realm; null if it has no limit of its own.
    @Nullable BandwidthPool realm(String name) {
        return realms.get(name);
    }

    /// Notes one more allocation of a user; null if users have no limit.
    synchronized @Nullable User enter(Owner owner, long nowNanos) {
        Bandwidth bandwidth = limits.user();
        if (bandwidth == null) {
            return null;
        }
        forget(nowNanos);
        User user = users.computeIfAbsent(owner, _ -> new User(owner, bandwidth));
        user.allocations++;
        return user;
    }

    synchronized void leave(User user) {
        user.allocations--;
        if (user.allocations == 0 && !user.isLeaving) {
            user.isLeaving = true;
            leaving.add(user);
        }
    }

    /// The users whose bandwidth is counted now.
    public synchronized int users(long nowNanos) {
        forget(nowNanos);
        return users.size();
    }

    private void forget(long nowNanos) {
        User first = leaving.peek();
        while (first != null && (first.allocations > 0 || first.isFull(nowNanos))) {
            leaving.remove();
            first.isLeaving = false;
            if (first.allocations == 0) {
                users.remove(first.owner);
            }
            first = leaving.peek();
        }
    }
}
