package io.hairpin.net;

import io.hairpin.stun.TransportAddress;
import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// One datagram on its way through: the bytes where they arrived, and who sent them. Headers are
/// taken off and put on in place; the payload is never moved.
///
/// One object serves all datagrams of a socket or a connection, one after the other, so it is valid
/// only until whoever was handed it returns. Addresses are the numbers of [TransportAddress].
public final class Datagram {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer bytes = NOTHING;
    private int start;
    private int length;
    private int headEnd;
    private int headLength;
    private int padding;

    private long sourceHigh;
    private long sourceLow;
    private int sourcePort;
    private long localHigh;
    private long localLow;
    private int headerFields;

    private @Nullable ByteBuf owner;

    /// What arrived is `length` bytes at `start`; a header can be put before `headEnd`, which is
    /// `start` unless other data lies in front.
    void set(ByteBuffer bytes, int start, int length, int headEnd) {
        this.bytes = bytes;
        this.start = start;
        this.headEnd = headEnd;
        this.headerFields = 0;
        this.owner = null;
        narrow(start, length);
    }

    /// Makes this the bytes of `message`, from its position to its limit. Sending copies them.
    public void wrap(ByteBuffer message) {
        wrap(message, message.position(), message.remaining());
    }

    /// Makes this the readable bytes of `frame`, which is lent.
    public void wrap(ByteBuf frame) {
        wrap(frame.internalNioBuffer(frame.readerIndex(), frame.readableBytes()));
    }

    /// Makes this `length` bytes at `start`, with [DatagramHandler#HEADROOM] bytes free in front.
    /// Sending copies them.
    public void wrap(ByteBuffer content, int start, int length) {
        set(content, start, length, start);
        local(0, 0);
    }

    /// The bytes are those of `owner`, at the same indices, so that sending need not copy them.
    void own(ByteBuf owner) {
        this.owner = owner;
    }

    /// Names who sent the datagram.
    public void from(long high, long low, int port) {
        sourceHigh = high;
        sourceLow = low;
        sourcePort = port;
    }

    /// Names the address of this machine that the datagram was sent to, or is to be sent from.
    /// Zeros stand for the one that the socket is bound to. Only sockets on a wildcard address tell
    /// it and heed it.
    public void local(long high, long low) {
        localHigh = high;
        localLow = low;
    }

    /// Sets the octet of the IP header with DSCP and ECN (IPv4's type of service, IPv6's traffic
    /// class) that the datagram is sent with, as far as the kind of socket can.
    public void trafficClass(int octet) {
        headerFields = HeaderFields.of(octet, hopLimit());
    }

    /// The octet that the datagram arrived with, and is sent on with if nobody changes it; zero
    /// unless the socket tells it (see [PathSignals]).
    public int trafficClass() {
        return HeaderFields.trafficClass(headerFields);
    }

    /// Sets the hop limit (IPv4's time to live) that the datagram is sent with, as far as the kind
    /// of socket can; zero leaves it to the system.
    public void hopLimit(int hops) {
        headerFields = HeaderFields.of(trafficClass(), hops);
    }

    /// The hop limit that the datagram arrived with, and is sent on with if nobody changes it; zero
    /// unless the socket tells it (see [PathSignals]).
    public int hopLimit() {
        return HeaderFields.hopLimit(headerFields);
    }

    /// Takes off the hop that passing the datagram on is, as a router does. Returns false if none
    /// is left, and the datagram must not be sent. One whose hop limit is not known keeps that.
    public boolean countDown() {
        int hops = hopLimit();
        if (hops == 0) {
            return true;
        }
        hopLimit(hops - 1);
        return hops > 1;
    }

    /// Sets what [#headerFields()] told of another datagram.
    public void headerFields(int fields) {
        headerFields = fields;
    }

    /// The traffic class and the hop limit as one number, for what is copied and sent on later.
    public int headerFields() {
        return headerFields;
    }

    /// What all offsets are into; big-endian, its position and limit mean nothing.
    public ByteBuffer bytes() {
        return bytes;
    }

    /// Where the payload begins.
    public int start() {
        return start;
    }

    /// The length of the payload, without a header or padding that was added.
    public int length() {
        return length;
    }

    /// Makes these bytes of the payload all of it, and takes off what was added to the former one.
    public void narrow(int start, int length) {
        if (headEnd == this.start) {
            headEnd = start;
        }
        this.start = start;
        this.length = length;
        headLength = 0;
        padding = 0;
    }

    /// Makes room for a header of at most [DatagramHandler#HEADROOM] bytes in front of the payload
    /// and returns where it is to be written.
    public int prepend(int headerBytes) {
        headLength = headerBytes;
        return headEnd - headerBytes;
    }

    /// Adds up to three zeros behind the payload.
    public void pad(int zeros) {
        padding = zeros;
    }

    /// The length with header and padding.
    public int totalLength() {
        return headLength + length + padding;
    }

    /// Writes header, payload and padding to the end of `target`.
    public void writeTo(ByteBuf target) {
        if (headLength > 0) {
            write(target, headEnd - headLength, headLength);
        }
        write(target, start, length);
        target.writeZero(padding);
    }

    private void write(ByteBuf target, int from, int count) {
        bytes.clear();
        target.writeBytes(bytes.limit(from + count).position(from));
        bytes.clear();
    }

    /// Writes header, payload and padding into `target` at that index.
    public void copyTo(byte[] target, int at) {
        bytes.get(headEnd - headLength, target, at, headLength);
        bytes.get(start, target, at + headLength, length);
        int end = at + headLength + length;
        Arrays.fill(target, end, end + padding, (byte) 0);
    }

    int headStart() {
        return headEnd - headLength;
    }

    int headLength() {
        return headLength;
    }

    int padding() {
        return padding;
    }

    @Nullable ByteBuf owner() {
        return owner;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public int sourcePort() {
        return sourcePort;
    }

    /// The sender as an object, made on each call.
    public InetSocketAddress source() {
        return TransportAddress.socketAddress(sourceHigh, sourceLow, sourcePort);
    }

    public long localHigh() {
        return localHigh;
    }

    public long localLow() {
        return localLow;
    }
}
