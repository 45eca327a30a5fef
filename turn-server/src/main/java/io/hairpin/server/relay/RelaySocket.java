package io.hairpin.server.relay;

import io.hairpin.net.DatagramEndpoint;

import java.net.InetSocketAddress;

/// An open relay.
///
/// @param relayed its address as clients and peers see it
record RelaySocket(DatagramEndpoint endpoint, InetSocketAddress relayed) {}
