package io.hairpin.server.core;

import io.hairpin.server.auth.TicketSeal;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// Tickets that anybody can read, for scripts and simulations.
final class TestSeal implements TicketSeal {

    private static final int MAGIC = 0x7E57;

    static byte[] ticket(int home, long allocation, int issue) {
        return new TestSeal().seal(new Ticket(home, new AllocationId(allocation), issue).number());
    }

    @Override
    public byte[] seal(long number) {
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                .putInt(MAGIC)
                .putLong(number)
                .array();
    }

    @Override
    public OptionalLong open(byte[] ticket) {
        ByteBuffer bytes = ByteBuffer.wrap(ticket);
        return ticket.length == Integer.BYTES + Long.BYTES && bytes.getInt() == MAGIC
                ? OptionalLong.of(bytes.getLong())
                : OptionalLong.empty();
    }
}
