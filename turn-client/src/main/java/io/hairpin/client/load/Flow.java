package io.hairpin.client.load;

/// The packets from one sender to where they are going: which have been sent, and which arrived.
final class Flow {

    /// Sends one packet.
    interface Source {
        void send(long nowNanos, long sequence);
    }

    /// What the arrival of a packet means.
    enum Arrival {
        FIRST,
        DUPLICATE
    }

    private final Source source;
    private long sent;

    /// The one after the latest packet that arrived; those before it have arrived or are lost.
    private long settled;

    /// Bit i stands for packet `settled - 1 - i`.
    private long arrived;

    private long settledAtLook = -1;

    Flow(Source source) {
        this.source = source;
    }

    void send(long nowNanos) {
        source.send(nowNanos, sent++);
    }

    /// Takes note of a packet that arrived, which counts as new if it is more than 64 behind the
    /// latest.
    Arrival arrived(long sequence) {
        if (sequence >= settled) {
            long ahead = sequence + 1 - settled;
            arrived = ahead >= Long.SIZE ? 1 : (arrived << ahead) | 1;
            settled = sequence + 1;
            return Arrival.FIRST;
        }
        long behind = settled - 1 - sequence;
        if (behind >= Long.SIZE) {
            return Arrival.FIRST;
        }
        long bit = 1L << behind;
        boolean again = (arrived & bit) != 0;
        arrived |= bit;
        return again ? Arrival.DUPLICATE : Arrival.FIRST;
    }

    /// Whether the packet was ever sent.
    boolean knows(long sequence) {
        return sequence >= 0 && sequence < sent;
    }

    long outstanding() {
        return sent - settled;
    }

    /// Gives up what is outstanding if nothing arrived since the last call.
    void giveUpIfStuck() {
        if (settled == settledAtLook && settled < sent) {
            arrived = 0;
            settled = sent;
        }
        settledAtLook = settled;
    }
}
