package io.hairpin.net;

import java.nio.ByteBuffer;

/// The datagrams that wait to be sent on one event loop, as numbers in columns: no object is made
/// for one. Those of one socket are chained in their order. Their bytes lie in a [PacketArena].
final class SendQueue {

    /// No datagram.
    static final int NONE = -1;

    /// The outbox has all of them sent before there are more.
    static final int CAPACITY = PacketArena.MAX_GATHERED;

    private final PacketArena packets;
    private final Outbox outbox;

    private final int[] next = new int[CAPACITY];
    private final int[] head = new int[CAPACITY];
    private final int[] headLength = new int[CAPACITY];
    private final int[] start = new int[CAPACITY];
    private final int[] length = new int[CAPACITY];
    private final int[] padding = new int[CAPACITY];
    private final long[] high = new long[CAPACITY];
    private final long[] low = new long[CAPACITY];
    private final int[] port = new int[CAPACITY];
    private final long[] localHigh = new long[CAPACITY];
    private final long[] localLow = new long[CAPACITY];
    private final int[] headerFields = new int[CAPACITY];

    private int used;
    private int waiting;
    private int copiedBytes;
    private int usedHeaders;

    SendQueue(PacketArena packets, Outbox outbox) {
        this.packets = packets;
        this.outbox = outbox;
    }

    /// Whether nothing waits, so that no memory of the arena is in use on the way out.
    boolean isEmpty() {
        return waiting == 0;
    }

    /// Where a header may end that is put before a datagram which has other data in front.
    int freeHeader() {
        if (isEmpty()) {
            usedHeaders = 0;
        } else if (usedHeaders == PacketArena.HEADERS) {
            outbox.flush();
            usedHeaders = 0;
        }
        return PacketArena.headEnd(usedHeaders++);
    }

    /// Takes a datagram that is sent behind `previous`, and returns its number, or [#NONE] if it
    /// is longer than any that can be sent.
    int add(int previous, Datagram datagram, long high, long low, int port) {
        if (datagram.totalLength() > PacketArena.MAX_RECEIVED_BYTES) {
            return NONE;
        }
        if (isEmpty()) {
            used = 0;
            copiedBytes = 0;
        }
        int entry = used++;
        waiting++;
        next[entry] = NONE;
        if (previous != NONE) {
            next[previous] = entry;
        }
        this.high[entry] = high;
        this.low[entry] = low;
        this.port[entry] = port;
        headerFields[entry] = datagram.headerFields();
        from(entry, 0, 0);
        if (packets.holds(datagram.bytes())) {
            refer(entry, datagram);
        } else {
            copy(entry, datagram);
        }
        return entry;
    }

    /// Has that datagram sent from that address of this machine; zeros leave it to the system.
    void from(int entry, long high, long low) {
        localHigh[entry] = high;
        localLow[entry] = low;
    }

    /// Makes room for one datagram more. The caller's own ones may be sent by this.
    void makeRoom(Datagram datagram) {
        if (isEmpty()) {
            return;
        }
        boolean isOurs = packets.holds(datagram.bytes());
        int copied = isOurs ? 0 : datagram.totalLength();
        if (used == CAPACITY || copiedBytes + copied > PacketArena.COPIES_BYTES) {
            outbox.flush();
        }
    }

    private void refer(int entry, Datagram datagram) {
        int header = datagram.headLength();
        boolean isInOnePiece = datagram.headStart() + header == datagram.start();
        head[entry] = datagram.headStart();
        headLength[entry] = isInOnePiece ? 0 : header;
        start[entry] = isInOnePiece ? datagram.headStart() : datagram.start();
        length[entry] = isInOnePiece ? header + datagram.length() : datagram.length();
        padding[entry] = datagram.padding();
    }

    private void copy(int entry, Datagram datagram) {
        ByteBuffer to = packets.bytes();
        ByteBuffer from = datagram.bytes();
        int at = PacketArena.copies() + copiedBytes;
        int header = datagram.headLength();
        int payload = datagram.length();
        to.put(at, from, datagram.headStart(), header);
        to.put(at + header, from, datagram.start(), payload);
        headLength[entry] = 0;
        start[entry] = at;
        length[entry] = header + payload;
        padding[entry] = datagram.padding();
        copiedBytes += header + payload;
    }

    /// Forgets so many datagrams, which were sent or dropped.
    void done(int datagrams) {
        waiting -= datagrams;
    }

    /// The datagram of the same socket that comes behind that one.
    int next(int entry) {
        return next[entry];
    }

    int totalLength(int entry) {
        return headLength[entry] + length[entry] + padding[entry];
    }

    /// The header that stands apart from the payload.
    long headAddress(int entry) {
        return packets.address(head[entry]);
    }

    /// Zero if there is no header, or it stands right before the payload and counts as part of it.
    int headLength(int entry) {
        return headLength[entry];
    }

    long address(int entry) {
        return packets.address(start[entry]);
    }

    int length(int entry) {
        return length[entry];
    }

    long paddingAddress() {
        return packets.address(PacketArena.zeros());
    }

    int padding(int entry) {
        return padding[entry];
    }

    long high(int entry) {
        return high[entry];
    }

    long low(int entry) {
        return low[entry];
    }

    int port(int entry) {
        return port[entry];
    }

    long localHigh(int entry) {
        return localHigh[entry];
    }

    long localLow(int entry) {
        return localLow[entry];
    }

    int headerFields(int entry) {
        return headerFields[entry];
    }

    /// Whether both go to the same place, from the same address and with the same [HeaderFields].
    boolean isSameWay(int one, int other) {
        return low[one] == low[other]
                && port[one] == port[other]
                && high[one] == high[other]
                && localLow[one] == localLow[other]
                && localHigh[one] == localHigh[other]
                && headerFields[one] == headerFields[other];
    }
}
