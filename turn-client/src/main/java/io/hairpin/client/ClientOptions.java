package io.hairpin.client;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// What a client may be told before it opens its socket.
///
/// @param retransmission how often a request is sent, and how long its answer may take
/// @param connectTimeout how long a TCP connection may take to open, and a server may be silent in
///     a handshake of TLS; a handshake of DTLS may take that long in all
/// @param writeTimeout how long a packet may wait for a TCP server that does not read
/// @param receiveQueueLimit how many received packets wait for the caller; more are dropped
/// @param local what the socket is bound to
/// @param random where transaction ids come from
public record ClientOptions(
        Retransmission retransmission,
        Duration connectTimeout,
        Duration writeTimeout,
        int receiveQueueLimit,
        InetSocketAddress local,
        RandomGenerator random) {
    public static final ClientOptions STANDARD =
            new ClientOptions(
                    Retransmission.STANDARD,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    1024,
                    new InetSocketAddress(0),
                    new SecureRandom());

    public ClientOptions {
        if (receiveQueueLimit < 1) {
            throw new IllegalArgumentException("no room for received packets");
        }
        if (local.isUnresolved()) {
            throw new IllegalArgumentException("not an address: " + local);
        }
    }

    public ClientOptions withRetransmission(Retransmission other) {
        return new ClientOptions(
                other, connectTimeout, writeTimeout, receiveQueueLimit, local, random);
    }

    public ClientOptions withReceiveQueueLimit(int other) {
        return new ClientOptions(
                retransmission, connectTimeout, writeTimeout, other, local, random);
    }

    public ClientOptions withLocal(InetSocketAddress other) {
        return new ClientOptions(
                retransmission, connectTimeout, writeTimeout, receiveQueueLimit, other, random);
    }
}
