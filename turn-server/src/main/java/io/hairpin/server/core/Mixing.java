package io.hairpin.server.core;

/// Spreads every bit of a number over all of them, so that tables of a fixed size are used evenly.
final class Mixing {

    private Mixing() {}

    /// What comes of a number under a secret: nobody who lacks it can choose numbers that collide.
    static long of(long bits, long seed) {
        return of(of(bits ^ seed) + seed);
    }

    /// The finalizer of MurmurHash3.
    static long of(long bits) {
        long spread = (bits ^ (bits >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
        spread = (spread ^ (spread >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
        return spread ^ (spread >>> 33);
    }
}
