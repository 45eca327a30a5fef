package io.hairpin.server.core;

import io.hairpin.stun.AddressFamily;

import java.time.Duration;
import java.util.Set;

/// The limits and lifetimes that a core enforces on its clients.
///
/// @param families the address families relays can be opened in
/// @param defaultLifetime what an allocation gets at least (RFC 8656 §7.2)
/// @param maxLifetime what an allocation gets at most
/// @param lastChannel the highest channel number that may be bound: 0x4FFF, or more for clients
///     that     still follow RFC 5766
/// @param dontFragment whether datagrams can be sent that nobody may fragment
public record TurnPolicy(
        Set<AddressFamily> families,
        Duration defaultLifetime,
        Duration maxLifetime,
        Duration permissionLifetime,
        Duration channelLifetime,
        Duration reservationLifetime,
        int permissionsPerAllocation,
        int channelsPerAllocation,
        int lastChannel,
        boolean dontFragment) {

    /// Where datagrams can be sent that nobody may fragment, as almost everywhere.
    public TurnPolicy(
            Set<AddressFamily> families,
            Duration defaultLifetime,
            Duration maxLifetime,
            Duration permissionLifetime,
            Duration channelLifetime,
            Duration reservationLifetime,
            int permissionsPerAllocation,
            int channelsPerAllocation,
            int lastChannel) {
        this(
                families,
                defaultLifetime,
                maxLifetime,
                permissionLifetime,
                channelLifetime,
                reservationLifetime,
                permissionsPerAllocation,
                channelsPerAllocation,
                lastChannel,
                true);
    }

    /// The first channel number (RFC 8656 §12).
    public static final int FIRST_CHANNEL = 0x4000;

    /// The last channel number of RFC 8656 §12.
    public static final int LAST_CHANNEL = 0x4FFF;

    /// The last channel number of RFC 5766 §11 that cannot be mistaken for something else.
    public static final int LAST_RFC5766_CHANNEL = 0x7FFE;

    public TurnPolicy {
        families = Set.copyOf(families);
    }

    boolean isChannel(int number) {
        return number >= FIRST_CHANNEL && number <= lastChannel;
    }

    /// What a client gets that asked for `requestedSeconds` (RFC 8656 §7.2).
    long grantedSeconds(long requestedSeconds) {
        return Math.clamp(requestedSeconds, defaultLifetime.toSeconds(), maxLifetime.toSeconds());
    }
}
