package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts one kind of thing that clients hold, such as allocations: those of a server or of a realm
/// of it, and of each user. Shared by all shards, thread-safe.
public final class Quotas {

    /// What came of asking for one more.
    enum Outcome {
        GRANTED,
        USER_LIMIT,
        REALM_LIMIT,
        SERVER_LIMIT
    }

    private final @Nullable Quotas whole;
    private final int limit;
    private final int userLimit;
    private final AtomicInteger total = new AtomicInteger();
    private final ConcurrentMap<String, Integer> byOwner = new ConcurrentHashMap<>();

    public Quotas(int serverLimit, int userLimit) {
        this(null, serverLimit, userLimit);
    }

    /// Of a realm beside the first, where each counts for the whole server as well.
    ///
    /// @param realmLimit how many the realm may have
    public Quotas part(int realmLimit, int userLimit) {
        return new Quotas(this, realmLimit, userLimit);
    }

    private Quotas(@Nullable Quotas whole, int limit, int userLimit) {
        this.whole = whole;
        this.limit = limit;
        this.userLimit = userLimit;
    }

    Outcome tryAcquire(String username) {
        Outcome counted = tryCount();
        if (counted == Outcome.GRANTED
                && byOwner.merge(owner(username), 1, Integer::sum) > userLimit) {
            release(username);
            return Outcome.USER_LIMIT;
        }
        return counted;
    }

    private Outcome tryCount() {
        Outcome outcome = Outcome.GRANTED;
        if (total.incrementAndGet() > limit) {
            outcome = whole == null ? Outcome.SERVER_LIMIT : Outcome.REALM_LIMIT;
        } else if (whole != null) {
            outcome = whole.tryCount();
        }
        if (outcome != Outcome.GRANTED) {
            total.decrementAndGet();
        }
        return outcome;
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

    /// How many there may be of all users together.
    public int limit() {
        return limit;
    }

    /// How many each user may have.
    public int userLimit() {
        return userLimit;
    }

    /// Those that there are now, of all users together.
    public int held() {
        return total.get();
    }

    /// What the user holds who holds most.
    public int mostOfUser() {
        return byOwner.values().stream().mapToInt(Integer::intValue).max().orElse(0);
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
