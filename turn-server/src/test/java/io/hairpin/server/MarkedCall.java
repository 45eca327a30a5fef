package io.hairpin.server;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// A client on UDP with a channel to a peer, both of which choose the headers of what they send and
/// see those of what arrives.
///
/// @param server where the client sends to
/// @param relayed where the peer does
record MarkedCall(
        MarkedSocket client, MarkedSocket peer, InetSocketAddress server, InetSocketAddress relayed)
        implements AutoCloseable {

    static final int CHANNEL = 0x4000;

    /// Has a client bind the channel, and leave its address to another socket.
    static MarkedCall start(TurnServer server, AddressFamily ours, AddressFamily peers)
            throws Exception {
        MarkedSocket peer = new MarkedSocket(any(peers));
        try (TurnClient client = Clients.of(server, Transport.UDP, ours)) {
            InetSocketAddress relayed =
                    client.allocate(AllocateOptions.udp().family(peers)).relayedAddress();
            client.channelBind(CHANNEL, peer.address());
            InetSocketAddress local = client.localAddress();
            client.vanish();
            return new MarkedCall(
                    new MarkedSocket(local),
                    peer,
                    Clients.address(server, Transport.UDP, ours),
                    relayed);
        }
    }

    /// Any port of loopback.
    static InetSocketAddress any(AddressFamily family) {
        InetAddress host =
                switch (family) {
                    case IPV4 -> TestConfiguration.LOOPBACK_4;
                    case IPV6 -> TestConfiguration.LOOPBACK_6;
                };
        return new InetSocketAddress(host, 0);
    }

    static ByteBuffer channelData(int value) {
        ByteBuffer frame = ByteBuffer.allocate(ChannelData.HEADER_BYTES + 1);
        ChannelData.writeHeader(frame, 0, CHANNEL, 1);
        return frame.put(ChannelData.HEADER_BYTES, (byte) value);
    }

    ByteBuffer sendIndication(int value) {
        return ByteBuffer.wrap(
                StunMessage.indication(Method.SEND, TransactionId.of(1, 2))
                        .with(Attributes.XOR_PEER_ADDRESS, peer.address())
                        .with(Attributes.DATA, new byte[] {(byte) value})
                        .build()
                        .toBytes());
    }

    @Override
    public void close() {
        client.close();
        peer.close();
    }
}
