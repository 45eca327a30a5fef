package io.hairpin.client.load;

import org.jspecify.annotations.Nullable;

/// What went wrong on the generator's own sockets. Not thread-safe.
final class SocketFaults {

    private long unsent;
    private long overrun;
    private @Nullable Throwable mistake;

    void unsent(long packets) {
        unsent += packets;
    }

    void overrun(long packets) {
        overrun += packets;
    }

    /// A mistake in this program; the first one is kept.
    void mistake(Throwable cause) {
        if (mistake == null) {
            mistake = cause;
        }
    }

    long unsent() {
        return unsent;
    }

    long overrun() {
        return overrun;
    }

    @Nullable Throwable mistake() {
        return mistake;
    }
}
