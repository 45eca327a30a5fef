package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the allocations of a server or of a part of it, and of each user. Shared by all shards,
/// thread-safe.
public final class Quotas {

    /// What came of asking for one more allocation.
    enum Outcome {
        GRANTED,
        USER_LIMIT,
        SERVER_LIMIT
    }

    private final @Nullable Quotas whole;
    private final int serverLimit;
    private final int userLimit;
    private final AtomicInteger total = new AtomicInteger();
    private final ConcurrentMap<String, Integer> byOwner = new ConcurrentHashMap<>();

    public Quotas(int serverLimit, int userLimit) {
        this(null, serverLimit, userLimit);
    }

    /// Of a part of a server, whose allocations count for the whole as well.
    ///
    /// @param serverLimit how many this part may have
    public Quotas part(int serverLimit, int userLimit) {
        return new Quotas(this, serverLimit, userLimit);
    }

    private Quotas(@Nullable Quotas whole, int serverLimit, int userLimit) {
        this.whole = whole;
        this.serverLimit = serverLimit;
        this.userLimit = userLimit;
    }

    Outcome tryAcquire(String username) {
        if (!tryCount()) {
            return Outcome.SERVER_LIMIT;
        }
        if (byOwner.merge(owner(username), 1, Integer::sum) > userLimit) {
            release(username);
            return Outcome.USER_LIMIT;
        }
        return Outcome.GRANTED;
    }

    private boolean tryCount() {
        if (total.incrementAndGet() > serverLimit) {
            total.decrementAndGet();
            return false;
        }
        if (whole != null && !whole.tryCount()) {
            total.decrementAndGet();
            return false;
        }
        return true;
    }

    private void uncount() {
        total.decrementAndGet();
        if (whole != null) {
            whole.uncount();
        }
    }

    void release(String username) {
        uncount();
        byOwner.computeIfPresent(owner(username), (_, count) -> count == 1 ? null : count - 1);
    }

    /// The allocations held now, by all users together.
    public int held() {
        return total.get();
    }

    /// TURN REST usernames carry their expiry in front; a user with a fresh one is still the
    /// same user.
    static String owner(String username) {
        int colon = username.indexOf(':');
        boolean expiryInFront =
                colon > 0
                        && colon < username.length() - 1
                        && username.chars().limit(colon).allMatch(c -> c >= '0' && c <= '9');
        return expiryInFront ? username.substring(colon + 1) : username;
    }
}
