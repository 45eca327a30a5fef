package io.hairpin.stun;

import java.util.random.RandomGenerator;

/// Names a transaction: the magic cookie and 96 random bits (RFC 8489 §5).
///
/// In a message of the classic RFC 3489 all 128 bits belong to the client, so the cookie is kept
/// with the rest: a response has to return it unchanged.
public record TransactionId(int cookie, int high, long low) {
    public static final int MAGIC_COOKIE = 0x2112A442;

    public static TransactionId of(int high, long low) {
        return new TransactionId(MAGIC_COOKIE, high, low);
    }

    public static TransactionId random(RandomGenerator random) {
        return of(random.nextInt(), random.nextLong());
    }

    /// Whether the sender speaks RFC 3489, which had no magic cookie.
    public boolean isClassic() {
        return cookie != MAGIC_COOKIE;
    }

    @Override
    public String toString() {
        String id = "%08x%016x".formatted(high, low);
        return isClassic() ? "%08x".formatted(cookie) + id : id;
    }
}
