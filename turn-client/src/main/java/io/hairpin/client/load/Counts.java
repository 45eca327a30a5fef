package io.hairpin.client.load;

/// What packets were counted; plain numbers that sums are made of.
///
/// @param sent from where they start
/// @param atPeers arrived at peers
/// @param atClients arrived at clients
/// @param completed arrived where they were going
/// @param measuredSent of `sent`, those within the measuring window
/// @param delivered of `measuredSent`, those that came where they were going
/// @param relayed arrived anywhere within the measuring window
/// @param duplicates arrived again
/// @param foreign arrived and belong to no flow of this run, or to another one
/// @param missed should have been sent and were not, since the generator was late
/// @param unsent not taken by the generator's own sockets
/// @param overrun lost by the generator's own sockets, which were full
/// @param broken sent by the flood of broken packets
record Counts(
        long sent,
        long atPeers,
        long atClients,
        long completed,
        long measuredSent,
        long delivered,
        long relayed,
        long duplicates,
        long foreign,
        long missed,
        long unsent,
        long overrun,
        long broken) {

    static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    Counts plus(Counts other) {
        return new Counts(
                sent + other.sent,
                atPeers + other.atPeers,
                atClients + other.atClients,
                completed + other.completed,
                measuredSent + other.measuredSent,
                delivered + other.delivered,
                relayed + other.relayed,
                duplicates + other.duplicates,
                foreign + other.foreign,
                missed + other.missed,
                unsent + other.unsent,
                overrun + other.overrun,
                broken + other.broken);
    }
}
