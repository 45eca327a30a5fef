package io.hairpin.dtls;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.stun.TransportAddress;

import java.nio.ByteBuffer;

/// The way to the other side of a session. Used on the endpoint's event loop.
///
/// @param localHigh the address of this machine to send from, where the socket is bound to none;
///     zeros otherwise
record Route(DatagramEndpoint endpoint, TransportAddress remote, long localHigh, long localLow) {

    /// The way back to where a datagram came from.
    static Route back(DatagramEndpoint endpoint, Datagram arrived) {
        return new Route(
                endpoint,
                new TransportAddress(
                        arrived.sourceHigh(), arrived.sourceLow(), arrived.sourcePort()),
                arrived.localHigh(),
                arrived.localLow());
    }

    /// @param headerFields the [Datagram#headerFields()] to send with
    /// @param scratch any one that is not in use
    void send(byte[] bytes, int offset, int length, int headerFields, Datagram scratch) {
        scratch.wrap(ByteBuffer.wrap(bytes, offset, length));
        scratch.headerFields(headerFields);
        scratch.local(localHigh, localLow);
        endpoint.send(scratch, remote.high(), remote.low(), remote.port());
    }
}
