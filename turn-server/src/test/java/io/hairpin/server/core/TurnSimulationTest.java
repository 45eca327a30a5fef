package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.util.List;

/// Whole servers against a network that loses, delays, copies and reorders, with clients that do
/// what they should and what they should not. What has to hold is written down in [Ledger].
class TurnSimulationTest {

    private static final long FIXED_SEEDS = 500;
    private static final int FRESH_SEEDS = 10;
    private static final long SEEDS_A_LINE = 1000;

    /// Other fixed seeds than the first five hundred, for `bin/simulate`.
    private static final String FROM_PROPERTY = "hairpin.simulation.from";

    private static final String SEEDS_PROPERTY = "hairpin.simulation.seeds";

    /// Names one seed to run alone, with everything that happens printed.
    private static final String SEED_PROPERTY = "hairpin.simulation.seed";

    /// What a simulation that proves anything brings about, again and again.
    private static final List<String> MUST_HAPPEN =
            List.of(
                    "granted: ALLOCATE",
                    "allocation in another realm",
                    "granted: REFRESH",
                    "granted: CREATE_PERMISSION",
                    "granted: CHANNEL_BIND",
                    "granted by token: ALLOCATE",
                    "granted by token: REFRESH",
                    "granted by token: CREATE_PERMISSION",
                    "granted by token: CHANNEL_BIND",
                    "lifetime cut by token",
                    "refreshed by another token",
                    "granted: CONNECT",
                    "granted: CONNECTION_BIND",
                    "joined",
                    "joined across shards",
                    "data out by connection",
                    "client told of a peer",
                    "peer turned away: NO_PERMISSION",
                    "peer turned away: PEER_CONNECTED",
                    "peer turned away: CONNECTION_LIMIT",
                    "peer closed: NOT_BOUND",
                    "peer closed: ALLOCATION_CLOSED",
                    "closed: EXPIRED",
                    "closed: DELETED",
                    "closed: CLIENT_CLOSED",
                    "reservation claimed",
                    "reservation released",
                    "relay opened too late",
                    "ports ran out",
                    "bind failed",
                    "stood still",
                    "clock set",
                    "clock set back",
                    "peer vanished",
                    "client vanished",
                    "path added",
                    "path removed",
                    "client moved",
                    "handed over",
                    "somebody found",
                    "nobody found",
                    "look-up hangs",
                    "look-up fails",
                    "look-up timed out",
                    "looked up too late",
                    "looked up in vain",
                    "peer reached",
                    "client reached by indication",
                    "client reached by channel",
                    "client reached by client",
                    "data out by indication",
                    "data out by channel",
                    "ICMP told",
                    "client told of an ICMP error",
                    "answered elsewhere",
                    "classic answered",
                    "error: 400",
                    "error: 401",
                    "error: 403",
                    "error: 420",
                    "error: 437",
                    "error: 438",
                    "error: 440",
                    "error: 441",
                    "error: 442",
                    "error: 443",
                    "error: 446",
                    "error: 447",
                    "error: 486",
                    "error: 500",
                    "error: 508",
                    "drop: MALFORMED",
                    "drop: CLASSIC_STUN",
                    "drop: NAT_DISCOVERY_LIMIT",
                    "drop: UNAUTHENTICATED_PER_SOURCE",
                    "drop: UNAUTHENTICATED_PER_NETWORK",
                    "drop: UNAUTHENTICATED_IN_ALL",
                    "drop: UNEXPECTED_RESPONSE",
                    "drop: UNEXPECTED_INDICATION",
                    "drop: KEEP_ALIVE",
                    "drop: ALLOCATE_PENDING",
                    "drop: AUTHENTICATION_PENDING",
                    "drop: NO_ALLOCATION",
                    "drop: UNBOUND_CHANNEL",
                    "drop: NO_PERMISSION",
                    "drop: FAMILY_MISMATCH",
                    "drop: ICMP_TYPE",
                    "drop: ALLOCATION_BANDWIDTH",
                    "drop: USER_BANDWIDTH",
                    "drop: REALM_BANDWIDTH",
                    "drop: SERVER_BANDWIDTH",
                    "met: allocations-per-user",
                    "met: realms.limits.allocations",
                    "met: sources.allocations-per-address",
                    "met: permissions",
                    "met: realms.limits.permissions",
                    "met: permissions-per-user",
                    "met: sources.permissions-per-address",
                    "met: channels",
                    "met: realms.limits.channels",
                    "met: channels-per-user",
                    "met: sources.channels-per-address",
                    "met: reservations",
                    "met: reservations-per-user",
                    "met: sources.reservations-per-address",
                    "met: peer-connections",
                    "met: peer-connections-per-user",
                    "met: sources.peer-connections-per-address",
                    "met: moves",
                    "met: realms.limits.moves",
                    "met: moves-per-user",
                    "met: sources.moves-per-address",
                    "met: pending-authentications",
                    "met: realms.limits.pending-authentications",
                    "met: sources.pending-authentications-per-address",
                    "drop: PEER_DENIED");

    @Test
    void whatMustHoldHoldsWhateverHappens() {
        Tally tally = new Tally();
        Long chosen = Long.getLong(SEED_PROPERTY);
        if (chosen != null) {
            run(chosen, tally, true);
            return;
        }
        long from = Long.getLong(FROM_PROPERTY, 0);
        long seeds = Long.getLong(SEEDS_PROPERTY, FIXED_SEEDS);
        for (long seed = from; seed < from + seeds; seed++) {
            run(seed, tally, false);
            if ((seed - from + 1) % SEEDS_A_LINE == 0) {
                System.out.printf("%,d seeds simulated%n", seed - from + 1);
            }
        }
        SecureRandom fresh = new SecureRandom();
        for (int i = 0; i < FRESH_SEEDS; i++) {
            long seed = fresh.nextLong();
            System.out.println("simulating the fresh seed " + seed);
            run(seed, tally, false);
        }
        if (seeds < FIXED_SEEDS) {
            return; // too few for everything to happen
        }
        assertThat(MUST_HAPPEN)
                .as("what happened: %s", tally)
                .allSatisfy(what -> assertThat(tally.of(what)).as(what).isGreaterThan(10));
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 0; seed < FIXED_SEEDS; seed += 20) {
            assertThat(run(seed, new Tally(), false))
                    .as("trace of seed %d", seed)
                    .isEqualTo(run(seed, new Tally(), false));
        }
    }

    @Test
    void anotherSeedGivesAnotherTrace() {
        assertThat(run(1, new Tally(), false)).isNotEqualTo(run(2, new Tally(), false));
    }

    private static long run(long seed, Tally tally, boolean printing) {
        try {
            return new TurnWorld(seed, tally, printing).run();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                    "seed %d: %s%nto see all that led to it: bin/simulate --seed %d"
                            .formatted(seed, broken.getMessage(), seed),
                    broken);
        }
    }
}
