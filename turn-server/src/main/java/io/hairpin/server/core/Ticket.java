package io.hairpin.server.core;

/// What a mobility ticket says: which allocation it is for, and which of its tickets it is.
///
/// As a number, which [io.hairpin.server.auth.TicketSeal] encrypts:
///
/// ```
///  63      54 53                                16 15             0
/// +----------+------------------------------------+----------------+
/// |   home   |             allocation             |     issue      |
/// +----------+------------------------------------+----------------+
/// ```
///
/// @param home the shard that has the allocation
/// @param issue counts the tickets of the allocation; runs over after 65,536
record Ticket(int home, AllocationId allocation, int issue) {

    static final int HOME_BITS = 10;
    private static final int ALLOCATION_BITS = 38;
    private static final int ISSUE_BITS = 16;
    private static final long ALLOCATION_MASK = (1L << ALLOCATION_BITS) - 1;
    private static final int ISSUE_MASK = (1 << ISSUE_BITS) - 1;

    /// Whether a ticket has room for that name. A shard that makes 10,000 allocations each second
    /// comes to the first that is too long after ten months.
    static boolean canName(AllocationId allocation) {
        return allocation.value() <= ALLOCATION_MASK;
    }

    static Ticket of(long number) {
        return new Ticket(
                (int) (number >>> (ALLOCATION_BITS + ISSUE_BITS)),
                new AllocationId((number >>> ISSUE_BITS) & ALLOCATION_MASK),
                (int) number & ISSUE_MASK);
    }

    long number() {
        return ((long) home << (ALLOCATION_BITS + ISSUE_BITS))
                | (allocation.value() << ISSUE_BITS)
                | issue;
    }

    Ticket next() {
        return new Ticket(home, allocation, (issue + 1) & ISSUE_MASK);
    }
}
