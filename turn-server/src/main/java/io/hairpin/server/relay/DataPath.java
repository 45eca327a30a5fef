package io.hairpin.server.relay;

import io.hairpin.net.Datagram;
import io.hairpin.server.core.Allocation;
import io.hairpin.server.core.Channel;
import io.hairpin.server.core.DropReason;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.DataIndication;
import io.hairpin.stun.SendIndication;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/// The way of data through one allocation, in both directions. Headers are taken off and put on
/// in place; the payload is never copied, and nothing is created for a packet.
public final class DataPath implements ClientPath {

    private ClientLink client;
    private final DataPaths shared;
    private @Nullable Allocation allocation;
    private @Nullable RelaySocket ipv4;
    private @Nullable RelaySocket ipv6;

    DataPath(ClientLink client, DataPaths shared) {
        this.client = client;
        this.shared = shared;
    }

    /// Relays what a client sent on a channel (RFC 8656 §12.6).
    @Override
    public void channelData(Datagram frame) {
        ByteBuffer bytes = frame.bytes();
        int start = frame.start();
        if (!ChannelData.isWhole(bytes, start, frame.length())) {
            drop(DropReason.MALFORMED);
            return;
        }
        int number = ChannelData.channel(bytes, start);
        long nowNanos = shared.nowNanos();
        Allocation allocation = this.allocation;
        Channel channel = allocation == null ? null : allocation.channel(number, nowNanos);
        if (allocation == null || channel == null) {
            drop(DropReason.UNBOUND_CHANNEL);
            return;
        }
        DropReason refusal = allocation.refusalOn(channel);
        if (refusal != null) {
            drop(refusal);
            return;
        }
        frame.narrow(start + ChannelData.HEADER_BYTES, ChannelData.length(bytes, start));
        TransportAddress peer = channel.address();
        DropReason excess = allocation.passToPeer(frame.length(), nowNanos);
        toPeer(frame, peer.high(), peer.low(), peer.port(), false, excess);
    }

    /// Relays what a client sent in a Send indication (RFC 8656 §11.2).
    @Override
    public void send(Datagram frame, SendIndication send) {
        long high = send.peerHigh();
        long low = send.peerLow();
        int port = send.peerPort();
        Allocation allocation = this.allocation;
        if (allocation == null) {
            drop(DropReason.NO_ALLOCATION);
            return;
        }
        if (send.dontFragment() && !shared.dontFragment()) {
            drop(DropReason.UNKNOWN_ATTRIBUTE);
            return;
        }
        long nowNanos = shared.nowNanos();
        DropReason refusal = allocation.refusal(high, low, port, nowNanos);
        if (refusal != null) {
            drop(refusal);
            return;
        }
        boolean whole =
                send.dontFragment()
                        && allocation.heedsDontFragment(TransportAddress.family(high, low));
        frame.narrow(send.dataOffset(), send.dataLength());
        DropReason excess = allocation.passToPeer(frame.length(), nowNanos);
        toPeer(frame, high, low, port, whole, excess);
    }

    /// @param excess why it is too much, or null if it is not
    private void toPeer(
            Datagram data,
            long high,
            long low,
            int port,
            boolean dontFragment,
            @Nullable DropReason excess) {
        RelaySocket relay = TransportAddress.isIpv4(high, low) ? ipv4 : ipv6;
        if (relay == null || excess != null) {
            drop(excess == null ? DropReason.FAMILY_MISMATCH : excess);
            return;
        }
        OpenRelays.Site ours = shared.open().behind(high, low, port);
        long toHigh = ours == null ? high : ours.bindHigh;
        long toLow = ours == null ? low : ours.bindLow;
        if (!data.countDown()) {
            drop(DropReason.HOP_LIMIT);
            relay.hopLimitReached(toHigh, toLow, port);
            return;
        }
        client.traffic().relayedToPeer(data.length());
        data.local(0, 0);
        if (dontFragment) {
            relay.endpoint().sendUnfragmented(data, toHigh, toLow, port);
        } else {
            relay.endpoint().send(data, toHigh, toLow, port);
        }
    }

    /// Relays what arrived at a relay (RFC 8656 §11.3 and §12.7).
    void fromPeer(Datagram datagram) {
        int port = datagram.sourcePort();
        OpenRelays.Site ours =
                shared.open().before(datagram.sourceHigh(), datagram.sourceLow(), port);
        long high = ours == null ? datagram.sourceHigh() : ours.advertiseHigh;
        long low = ours == null ? datagram.sourceLow() : ours.advertiseLow;

        Allocation allocation = this.allocation;
        if (allocation == null) {
            drop(DropReason.NO_ALLOCATION);
            return;
        }
        long nowNanos = shared.nowNanos();
        Channel channel = allocation.channelTo(high, low, port, nowNanos);
        DropReason refusal =
                channel == null
                        ? allocation.refusal(high, low, port, nowNanos)
                        : allocation.refusalFrom(channel, nowNanos);
        if (refusal != null) {
            drop(refusal);
            return;
        }
        int length = datagram.length();
        DropReason excess = allocation.passToClient(length, nowNanos);
        if (excess != null) {
            drop(excess);
            return;
        }
        boolean framed =
                channel == null ? wrap(datagram, high, low, port) : frame(datagram, channel);
        if (!framed) {
            drop(DropReason.TOO_LARGE);
        } else if (client.send(datagram)) {
            client.traffic().relayedToClient(length);
        }
    }

    private boolean frame(Datagram datagram, Channel channel) {
        int length = datagram.length();
        if (ChannelData.HEADER_BYTES + length > client.maxMessageBytes()) {
            return false;
        }
        int header = datagram.prepend(ChannelData.HEADER_BYTES);
        ChannelData.writeHeader(datagram.bytes(), header, channel.number(), length);
        return true;
    }

    private boolean wrap(Datagram datagram, long high, long low, int port) {
        int length = datagram.length();
        int headerBytes = DataIndication.headerBytes(TransportAddress.family(high, low));
        int padding = DataIndication.paddingOf(length);
        if (headerBytes + length + padding > client.maxMessageBytes()) {
            return false;
        }
        RandomGenerator random = shared.random();
        DataIndication.writeHeader(
                datagram.bytes(),
                datagram.prepend(headerBytes),
                random.nextInt(),
                random.nextLong(),
                high,
                low,
                port,
                length);
        datagram.pad(padding);
        return true;
    }

    private void drop(DropReason reason) {
        drop(reason, 1);
    }

    void drop(DropReason reason, long packets) {
        client.traffic().dropped(reason, packets);
    }

    /// What peers send goes to the client by that link from now on.
    void client(ClientLink other) {
        client = other;
    }

    ClientLink client() {
        return client;
    }

    /// Data may flow from now on.
    void start(Allocation allocation) {
        this.allocation = allocation;
    }

    @Nullable RelaySocket relay(AddressFamily family) {
        return switch (family) {
            case IPV4 -> ipv4;
            case IPV6 -> ipv6;
        };
    }

    void relay(AddressFamily family, @Nullable RelaySocket relay) {
        switch (family) {
            case IPV4 -> ipv4 = relay;
            case IPV6 -> ipv6 = relay;
        }
    }
}
