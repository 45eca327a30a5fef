package io.hairpin.client;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;

/// The virtual thread that reads a socket.
///
/// The operating system keeps a closed socket's port for as long as a thread still reads from it,
/// so who closes waits for the reader to notice.
final class ReaderThread {
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(2);

    private final String name;
    private volatile @Nullable Thread thread;

    ReaderThread(String name) {
        this.name = name;
    }

    void start(Runnable reading) {
        thread = Thread.ofVirtual().name(name).start(reading);
    }

    /// Returns once reading has ended; called after the socket is closed.
    void join() throws IOException {
        Thread started = thread;
        if (started == null) {
            return;
        }
        try {
            if (!started.join(JOIN_TIMEOUT)) {
                throw new IOException("the reader has not ended within " + JOIN_TIMEOUT);
            }
        } catch (InterruptedException interrupted) {
            // The socket is closed, and its reader ends without being waited for.
            Thread.currentThread().interrupt();
        }
    }
}
