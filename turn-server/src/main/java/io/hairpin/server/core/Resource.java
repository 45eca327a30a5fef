package io.hairpin.server.core;

/// What clients hold, and which limits that meets.
public enum Resource {
    ALLOCATION(
            Limit.ALLOCATIONS,
            Limit.REALM_ALLOCATIONS,
            Limit.ALLOCATIONS_PER_USER,
            Limit.ALLOCATIONS_PER_ADDRESS,
            Limit.ALLOCATIONS_PER_NETWORK),

    PERMISSION(
            Limit.PERMISSIONS,
            Limit.REALM_PERMISSIONS,
            Limit.PERMISSIONS_PER_USER,
            Limit.PERMISSIONS_PER_ADDRESS,
            Limit.PERMISSIONS_PER_NETWORK),

    CHANNEL(
            Limit.CHANNELS,
            Limit.REALM_CHANNELS,
            Limit.CHANNELS_PER_USER,
            Limit.CHANNELS_PER_ADDRESS,
            Limit.CHANNELS_PER_NETWORK),

    /// A port that is kept for a second allocation, or is to be.
    RESERVATION(
            Limit.RESERVATIONS,
            Limit.REALM_RESERVATIONS,
            Limit.RESERVATIONS_PER_USER,
            Limit.RESERVATIONS_PER_ADDRESS,
            Limit.RESERVATIONS_PER_NETWORK),

    /// A connection of a TCP relay with a peer, open or on its way.
    PEER_CONNECTION(
            Limit.PEER_CONNECTIONS,
            Limit.REALM_PEER_CONNECTIONS,
            Limit.PEER_CONNECTIONS_PER_USER,
            Limit.PEER_CONNECTIONS_PER_ADDRESS,
            Limit.PEER_CONNECTIONS_PER_NETWORK),

    /// A second 5-tuple of an allocation, from when its client shows a ticket by it until data
    /// comes by it.
    MOVE(
            Limit.MOVES,
            Limit.REALM_MOVES,
            Limit.MOVES_PER_USER,
            Limit.MOVES_PER_ADDRESS,
            Limit.MOVES_PER_NETWORK),

    /// A request whose sender is being looked up. None is counted for a user: whoever sends it may
    /// have made up the name, and would keep its owner out.
    AUTHENTICATION(
            Limit.PENDING_AUTHENTICATIONS,
            Limit.REALM_PENDING_AUTHENTICATIONS,
            Limit.REALM_PENDING_AUTHENTICATIONS,
            Limit.PENDING_AUTHENTICATIONS_PER_ADDRESS,
            Limit.PENDING_AUTHENTICATIONS_PER_NETWORK);

    final Limit ofServer;
    final Limit ofRealm;
    final Limit ofUser;
    final Limit ofAddress;
    final Limit ofNetwork;

    Resource(Limit ofServer, Limit ofRealm, Limit ofUser, Limit ofAddress, Limit ofNetwork) {
        this.ofServer = ofServer;
        this.ofRealm = ofRealm;
        this.ofUser = ofUser;
        this.ofAddress = ofAddress;
        this.ofNetwork = ofNetwork;
    }

    /// Whether users have a limit of their own.
    public boolean countsUsers() {
        return ofUser != ofRealm;
    }

    /// What it is called where limits are told apart (see [Limit#key]).
    public String key() {
        return ofServer.key();
    }
}
