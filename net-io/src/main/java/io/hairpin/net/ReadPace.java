package io.hairpin.net;

/// Guesses how much waits at a socket that is ready. To read a batch where one datagram waits
/// costs a look in vain, to read one where many wait costs a turn of the loop for each.
///
/// Reads batches while they find more than one datagram. Else it reads one, until the socket has
/// been ready turn after turn; the more batches were in vain, the longer that has to go on.
final class ReadPace {

    /// The most turns in a row before a batch is tried.
    private static final int MAX_PATIENCE = 16;

    private boolean isBursty;
    private byte patience = 1;
    private byte readyInARow;
    private int lastTurn;

    /// Called when the socket is ready in that turn of the loop.
    boolean expectsMore(int turn) {
        boolean again = turn == lastTurn + 1;
        lastTurn = turn;
        if (isBursty) {
            return true;
        }
        if (!again) {
            readyInARow = 0;
            return false;
        }
        if (++readyInARow < patience) {
            return false;
        }
        readyInARow = 0;
        return true;
    }

    /// Called with the result of the batch that was expected to be worth it.
    void foundInBatch(int datagrams) {
        isBursty = datagrams > 1;
        patience = isBursty ? 1 : (byte) Math.min(2 * patience, MAX_PATIENCE);
    }
}
