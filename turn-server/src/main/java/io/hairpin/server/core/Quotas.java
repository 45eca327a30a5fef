package io.hairpin.server.core;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the allocations of the server and of each user. Shared by all shards, thread-safe.
public final class Quotas {

    /// What came of asking for one more allocation.
    enum Outcome {
        GRANTED,
        USER_LIMIT,
        SERVER_LIMIT
    }

    private final int serverLimit;
    private final int userLimit;
    private final AtomicInteger total = new AtomicInteger();
    private final ConcurrentMap<String, Integer> byOwner = new ConcurrentHashMap<>();

    public Quotas(int serverLimit, int userLimit) {
        this.serverLimit = serverLimit;
        this.userLimit = userLimit;
    }

    Outcome tryAcquire(String username) {
        if (total.incrementAndGet() > serverLimit) {
            total.decrementAndGet();
            return Outcome.SERVER_LIMIT;
        }
        if (byOwner.merge(owner(username), 1, Integer::sum) > userLimit) {
            release(username);
            return Outcome.USER_LIMIT;
        }
        return Outcome.GRANTED;
    }

    void release(String username) {
        total.decrementAndGet();
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
