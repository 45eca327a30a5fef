package io.hairpin.client;

import io.hairpin.stun.IcmpError;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/// What a peer sent, relayed by the server, or the ICMP error that a datagram to it met (RFC 8656
/// §11.6). Two are equal if peer, channel, bytes and error are.
public final class Received {
    private final InetSocketAddress peer;
    private final OptionalInt channel;
    private final byte[] bytes;
    private final Optional<IcmpError> error;

    private Received(
            InetSocketAddress peer, OptionalInt channel, byte[] bytes, Optional<IcmpError> error) {
        this.peer = peer;
        this.channel = channel;
        this.bytes = bytes;
        this.error = error;
    }

    static Received byIndication(InetSocketAddress peer, byte[] bytes) {
        return new Received(peer, OptionalInt.empty(), bytes, Optional.empty());
    }

    static Received byChannel(int channel, InetSocketAddress peer, byte[] bytes) {
        return new Received(peer, OptionalInt.of(channel), bytes, Optional.empty());
    }

    static Received error(InetSocketAddress peer, IcmpError error) {
        return new Received(peer, OptionalInt.empty(), new byte[0], Optional.of(error));
    }

    public InetSocketAddress peer() {
        return peer;
    }

    /// The channel it came by; empty for a Data indication.
    public OptionalInt channel() {
        return channel;
    }

    /// The error that a datagram to the peer met; empty for what the peer sent.
    public Optional<IcmpError> error() {
        return error;
    }

    /// The caller's to keep; empty for an error.
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Received received
                && peer.equals(received.peer)
                && channel.equals(received.channel)
                && Arrays.equals(bytes, received.bytes)
                && error.equals(received.error);
    }

    @Override
    public int hashCode() {
        return Objects.hash(peer, channel, Arrays.hashCode(bytes), error);
    }

    @Override
    public String toString() {
        if (error.isPresent()) {
            return error.get() + " on the way to " + peer;
        }
        String by = channel.isPresent() ? "channel 0x%04x".formatted(channel.getAsInt()) : "Data";
        return bytes.length + " bytes from " + peer + " by " + by;
    }
}
