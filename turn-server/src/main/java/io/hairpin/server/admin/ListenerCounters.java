package io.hairpin.server.admin;

import io.hairpin.server.core.CloseReason;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// What one shard counts about one listener. The shard's thread alone may write; any thread may
/// read what has been counted so far.
///
/// Counting is a read, an addition and a release store in an array no other shard writes to: no
/// lock, no atomic instruction, and nothing created.
public final class ListenerCounters {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells = new long[Cells.COUNT];

    ListenerCounters() {}

    /// A packet was passed on.
    ///
    /// @param bytes of the application's data, without any header of ours
    public void relayed(Direction direction, int bytes) {
        add(Cells.packets(direction), 1);
        add(Cells.bytes(direction), bytes);
    }

    /// So many packets went nowhere.
    public void dropped(DropReason reason, long packets) {
        add(Cells.dropped(reason), packets);
    }

    /// A connection was closed before its first message.
    public void refused(RefusalReason reason) {
        add(Cells.refused(reason), 1);
    }

    /// A request arrived.
    public void requested(Method method) {
        add(Cells.requested(method), 1);
    }

    /// A success response was sent.
    public void answered(Method method) {
        add(Cells.answered(method), 1);
    }

    /// An error response was sent.
    public void rejected(Method method, ErrorCode code) {
        add(Cells.rejected(method, code), 1);
    }

    /// A client was told of an ICMP error.
    public void icmpTold() {
        add(Cells.icmpTold(), 1);
    }

    /// An allocation began.
    public void allocationOpened() {
        add(Cells.opened(), 1);
    }

    /// An allocation ended.
    public void allocationClosed(CloseReason reason) {
        add(Cells.closed(reason), 1);
    }

    /// The client of an allocation moved to this listener, from this one or another.
    public void clientArrived() {
        add(Cells.arrived(), 1);
    }

    /// The client of an allocation moved away, to this listener or another.
    public void clientLeft() {
        add(Cells.left(), 1);
    }

    long read(int cell) {
        return (long) CELL.getAcquire(cells, cell);
    }

    private void add(int cell, long amount) {
        CELL.setRelease(cells, cell, cells[cell] + amount);
    }
}
