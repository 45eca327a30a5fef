package io.hairpin.client.load;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/// When what a client has is to be renewed.
final class Renewals {

    /// Permissions last five minutes (RFC 8656 §9), and renewing a channel renews its permission.
    private static final long PERMISSION_NANOS = TimeUnit.MINUTES.toNanos(4);

    private static final long DEFAULT_LIFETIME_SECONDS = 600;

    private final @Nullable Method permission;
    private long refreshNanos;
    private long permissionNanos;

    /// @param permission what asks for a permission, if there is one
    Renewals(@Nullable Method permission) {
        this.permission = permission;
    }

    /// Takes the lifetime that a response grants. It is asked for again a minute early, as RFC 8656
    /// §8.1 has it, but not before half of the time is over.
    void allocated(StunMessage response, long nowNanos) {
        long lifetime = response.find(Attributes.LIFETIME).orElse(DEFAULT_LIFETIME_SECONDS);
        long early = Math.max(lifetime / 2, lifetime - 60);
        refreshNanos = nowNanos + TimeUnit.SECONDS.toNanos(early);
    }

    void permitted(long nowNanos) {
        permissionNanos = nowNanos + PERMISSION_NANOS;
    }

    /// What is to be sent now, if anything.
    @Nullable Method due(long nowNanos) {
        if (nowNanos - refreshNanos >= 0) {
            return Method.REFRESH;
        }
        return nowNanos - permissionNanos >= 0 ? permission : null;
    }
}
