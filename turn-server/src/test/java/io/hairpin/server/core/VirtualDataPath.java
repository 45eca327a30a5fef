package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.DataIndication;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.PacketKind;
import io.hairpin.stun.SendIndication;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;
import io.hairpin.stun.TransportAddress;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Carries data between the clients and the peers of one shard of a simulated server, as far as its
/// core says it may pass.
final class VirtualDataPath {

    private final int shard;
    private final VirtualShell shell;
    private final TurnCore core;
    private final VirtualSockets sockets;
    private final Simulation simulation;
    private final LedgerReads granted;
    private final SimulatedLimits limits;
    private final Tally tally;
    private final RandomGenerator random;

    private final Map<FiveTuple, AllocationId> paths = new HashMap<>();
    private final Set<FiveTuple> arriving = new HashSet<>();
    private final SendIndication send = new SendIndication();

    VirtualDataPath(
            int shard,
            VirtualShell shell,
            TurnCore core,
            VirtualSockets sockets,
            Simulation simulation,
            LedgerReads granted,
            SimulatedLimits limits,
            Tally tally) {
        this.shard = shard;
        this.shell = shell;
        this.core = core;
        this.sockets = sockets;
        this.simulation = simulation;
        this.granted = granted;
        this.limits = limits;
        this.tally = tally;
        random = simulation.randomness();
    }

    boolean isEmpty() {
        return paths.isEmpty() && arriving.isEmpty();
    }

    /// What comes by that 5-tuple belongs to an allocation from now on.
    void begin(FiveTuple path, AllocationId id) {
        paths.put(path, id);
    }

    /// The same, and the first data by it is to be told.
    void expect(FiveTuple path, AllocationId id) {
        begin(path, id);
        arriving.add(path);
    }

    void end(FiveTuple path) {
        paths.remove(path);
        arriving.remove(path);
    }

    boolean leadsTo(FiveTuple path, AllocationId id) {
        return id.equals(paths.get(path));
    }

    /// Takes in one datagram or one frame of a client.
    void takeIn(FiveTuple from, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        switch (PacketKind.of(bytes.length == 0 ? 0xFF : bytes[0])) {
            case CHANNEL_DATA -> channelData(from, bytes);
            case STUN -> {
                SendIndication.Outcome outcome = send.wrap(buffer, 0, bytes.length);
                switch (outcome) {
                    case NOT_SEND -> decode(from, buffer);
                    case OK -> sendIndication(from, bytes);
                    case UNKNOWN_ATTRIBUTE -> tally.drop(DropReason.UNKNOWN_ATTRIBUTE);
                    case MALFORMED, NO_PEER, NO_DATA -> tally.drop(DropReason.MALFORMED);
                }
            }
            case DTLS, UNKNOWN -> tally.drop(DropReason.MALFORMED);
        }
    }

    private void decode(FiveTuple from, ByteBuffer buffer) {
        switch (StunDecoder.decode(buffer)) {
            case Decoded.Message(StunMessage message) ->
                    shell.handle(new Event.MessageReceived(from, message));
            case Decoded.Malformed _ -> tally.drop(DropReason.MALFORMED);
        }
    }

    private void channelData(FiveTuple from, byte[] bytes) {
        arrive(from);
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        AllocationId id = paths.get(from);
        if (id == null || !ChannelData.isWhole(frame, 0, bytes.length)) {
            tally.drop(id == null ? DropReason.NO_ALLOCATION : DropReason.MALFORMED);
            return;
        }
        Allocation allocation = allocation(id);
        int number = ChannelData.channel(frame, 0);
        Channel channel = allocation.channel(number, simulation.now());
        granted.channelRead(shard, id, number, channel == null ? null : peerOf(channel));
        if (channel == null) {
            tally.drop(DropReason.UNBOUND_CHANNEL);
            return;
        }
        DropReason refusal = allocation.refusalOn(channel);
        granted.policyRead(peerOf(channel), refusal);
        if (refusal != null) {
            tally.drop(refusal);
            return;
        }
        tally.count("data out by channel");
        int start = ChannelData.HEADER_BYTES;
        toPeer(
                id,
                peerOf(channel),
                Arrays.copyOfRange(bytes, start, start + ChannelData.length(frame, 0)));
    }

    /// The first data by a new 5-tuple is told before it is relayed.
    private void arrive(FiveTuple from) {
        if (arriving.contains(from)) {
            shell.handle(new Event.DataReceived(from));
            assertThat(arriving).doesNotContain(from);
        }
    }

    private void sendIndication(FiveTuple from, byte[] bytes) {
        arrive(from);
        AllocationId id = paths.get(from);
        if (id == null) {
            tally.drop(DropReason.NO_ALLOCATION);
            return;
        }
        InetSocketAddress peer =
                TransportAddress.socketAddress(send.peerHigh(), send.peerLow(), send.peerPort());
        DropReason refusal = TestAddresses.refusal(allocation(id), peer, simulation.now());
        granted.permissionRead(shard, id, peer, refusal);
        if (refusal != null) {
            tally.drop(refusal);
            return;
        }
        tally.count("data out by indication");
        int start = send.dataOffset();
        toPeer(id, peer, Arrays.copyOfRange(bytes, start, start + send.dataLength()));
    }

    private void toPeer(AllocationId id, InetSocketAddress peer, byte[] data) {
        DropReason refusal =
                sockets.isTcp(id, peer)
                        ? DropReason.FAMILY_MISMATCH
                        : limits.passToPeer(allocation(id), data.length, simulation.now());
        if (refusal == null) {
            sockets.toPeer(id, peer, data);
        } else {
            tally.drop(refusal);
        }
    }

    /// Takes in what a peer sent to a relay.
    void fromPeer(AllocationId id, InetSocketAddress peer, byte[] data) {
        long now = simulation.now();
        Allocation allocation = core.allocation(id);
        if (allocation == null) { // the relay is open and the core does not know it yet
            tally.drop(DropReason.NO_ALLOCATION);
            return;
        }
        Channel channel = TestAddresses.channelTo(allocation, peer, now);
        DropReason refusal =
                channel == null
                        ? TestAddresses.refusal(allocation, peer, now)
                        : allocation.refusalFrom(channel, now);
        granted.permissionRead(shard, id, peer, refusal);
        if (refusal != null) {
            tally.drop(refusal);
            return;
        }
        granted.channelToRead(shard, id, peer, channel == null ? null : channel.number());
        if (allocation.roaming != null && allocation.roaming.away) {
            tally.drop(DropReason.CLIENT_AWAY);
            return;
        }
        DropReason excess = limits.passToClient(allocation, data.length, now);
        if (excess != null) {
            tally.drop(excess);
            return;
        }
        tally.count(channel == null ? "data in by indication" : "data in by channel");
        shell.toClient(
                allocation.client(),
                channel == null ? wrapped(peer, data) : framed(channel.number(), data));
    }

    private Allocation allocation(AllocationId id) {
        Allocation allocation = core.allocation(id);
        assertThat(allocation).as("an allocation for the open data path %s", id).isNotNull();
        return Objects.requireNonNull(allocation);
    }

    private byte[] wrapped(InetSocketAddress peer, byte[] data) {
        int header = DataIndication.headerBytes(AddressFamily.of(peer.getAddress()));
        int length = header + data.length + DataIndication.paddingOf(data.length);
        ByteBuffer message = ByteBuffer.allocate(length);
        TransactionId transaction = TransactionId.random(random);
        TransportAddress address = TransportAddress.of(peer);
        DataIndication.writeHeader(
                message,
                0,
                transaction.high(),
                transaction.low(),
                address.high(),
                address.low(),
                address.port(),
                data.length);
        return message.put(header, data).array();
    }

    private static InetSocketAddress peerOf(Channel channel) {
        return channel.address().socketAddress();
    }

    private static byte[] framed(int number, byte[] data) {
        ByteBuffer frame = ByteBuffer.allocate(ChannelData.HEADER_BYTES + data.length);
        ChannelData.writeHeader(frame, 0, number, data.length);
        return frame.put(ChannelData.HEADER_BYTES, data).array();
    }
}
