package io.hairpin.client;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;

/// What a peer sent, relayed by the server. Two are equal if peer, channel and bytes are.
public final class Received {
    private final InetSocketAddress peer;
    private final OptionalInt channel;
    private final byte[] bytes;

    private Received(InetSocketAddress peer, OptionalInt channel, byte[] bytes) {
        this.peer = peer;
        this.channel = channel;
        this.bytes = bytes;
    }

    static Received byIndication(InetSocketAddress peer, byte[] bytes) {
        return new Received(peer, OptionalInt.empty(), bytes);
    }

    static Received byChannel(int channel, InetSocketAddress peer, byte[] bytes) {
        return new Received(peer, OptionalInt.of(channel), bytes);
    }

    public InetSocketAddress peer() {
        return peer;
    }

    /// The channel it came by; empty for a Data indication.
    public OptionalInt channel() {
        return channel;
    }

    /// The caller's to keep.
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Received received
                && peer.equals(received.peer)
                && channel.equals(received.channel)
                && Arrays.equals(bytes, received.bytes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(peer, channel, Arrays.hashCode(bytes));
    }

    @Override
    public String toString() {
        String by = channel.isPresent() ? "channel 0x%04x".formatted(channel.getAsInt()) : "Data";
        return bytes.length + " bytes from " + peer + " by " + by;
    }
}
