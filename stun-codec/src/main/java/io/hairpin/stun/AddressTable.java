package io.hairpin.stun;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Things found by their transport address, one for each address. A look-up takes the address as
/// numbers and creates nothing; an entry costs a slot or two in each of two arrays.
///
/// @param <T> what is found
public final class AddressTable<T extends AddressTable.Entry> {

    /// Something that has a transport address, which never changes.
    public interface Entry {
        TransportAddress address();
    }

    private static final int SMALLEST = 2;

    // What all tables have that never had an entry: one slot, which stays free.
    private static final @Nullable Entry[] NO_SLOTS = new Entry[1];
    private static final @Nullable TransportAddress[] NO_ADDRESSES = new TransportAddress[1];

    /// Odd numbers with their bits well mixed.
    private static final long MIX_HIGH = 0x9E3779B97F4A7C15L;
    private static final long MIX_LOW = 0xBF58476D1CE4E5B9L;
    private static final long MIX_PORT = 0x94D049BB133111EBL;

    private final long seed;

    /// Open addressing: an entry is at the slot of its hash or in the first free one behind; the
    /// length is a power of two, and never all are taken.
    private @Nullable Entry[] slots = NO_SLOTS;

    /// The addresses of what is in [#slots]. Entries are of several classes, and asking one for its
    /// address is a call that the compiler cannot see through.
    private @Nullable TransportAddress[] addresses = NO_ADDRESSES;

    private int size;

    /// @param seed makes collisions unpredictable where strangers choose the addresses
    public AddressTable(long seed) {
        this.seed = seed;
    }

    public int size() {
        return size;
    }

    public @Nullable T get(TransportAddress address) {
        return get(address.high(), address.low(), address.port());
    }

    /// What is at the address with these numbers, or null.
    @SuppressWarnings("unchecked") // only T gets in
    public @Nullable T get(long high, long low, int port) {
        return (T) slots[find(high, low, port)];
    }

    /// Adds an entry in place of whatever had its address.
    public void put(T entry) {
        TransportAddress address = entry.address();
        int slot = find(address.high(), address.low(), address.port());
        if (slots[slot] == null && ++size > slots.length / 2) {
            resize(slots.length * 2);
            slot = find(address.high(), address.low(), address.port());
        }
        set(slot, entry, address);
    }

    private void set(int slot, @Nullable Entry entry, @Nullable TransportAddress address) {
        slots[slot] = entry;
        addresses[slot] = address;
    }

    /// Takes out what is at that address; there may be nothing.
    public void remove(TransportAddress address) {
        int slot = find(address.high(), address.low(), address.port());
        if (slots[slot] == null) {
            return;
        }
        set(slot, null, null);
        size--;
        if (slots.length > SMALLEST && size < slots.length / 8) {
            resize(slots.length / 2);
        } else {
            closeGap(slot);
        }
    }

    /// All entries, in no order that means anything.
    @SuppressWarnings("unchecked")
    public List<T> all() {
        List<T> all = new ArrayList<>(size);
        for (Entry entry : slots) {
            if (entry != null) {
                all.add((T) entry);
            }
        }
        return all;
    }

    /// The slot that the address is in, or the free one that it would be put in.
    private int find(long high, long low, int port) {
        int mask = slots.length - 1;
        int slot = hash(high, low, port) & mask;
        for (TransportAddress at = addresses[slot]; at != null; at = addresses[slot]) {
            if (at.low() == low && at.port() == port && at.high() == high) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /// Moves up what would not be found any more now that `gap` is free.
    private void closeGap(int gap) {
        int mask = slots.length - 1;
        int free = gap;
        int slot = (gap + 1) & mask;
        for (TransportAddress address = addresses[slot];
                address != null;
                address = addresses[slot]) {
            int home = hash(address.high(), address.low(), address.port()) & mask;
            boolean reachesBack = ((slot - home) & mask) >= ((slot - free) & mask);
            if (reachesBack) {
                set(free, slots[slot], address);
                set(slot, null, null);
                free = slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    private void resize(int length) {
        List<T> entries = all();
        slots = new Entry[length];
        addresses = new TransportAddress[length];
        for (T entry : entries) {
            TransportAddress address = entry.address();
            set(find(address.high(), address.low(), address.port()), entry, address);
        }
    }

    private int hash(long high, long low, int port) {
        long mixed = seed + high * MIX_HIGH;
        mixed = (mixed ^ mixed >>> 29) + low * MIX_LOW;
        mixed = (mixed ^ mixed >>> 32) + port * MIX_PORT;
        mixed = (mixed ^ mixed >>> 30) * MIX_LOW;
        return (int) (mixed ^ mixed >>> 31);
    }
}
