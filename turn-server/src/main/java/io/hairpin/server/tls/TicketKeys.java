package io.hairpin.server.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;

import org.jspecify.annotations.Nullable;

import java.util.random.RandomGenerator;

/// The keys that session tickets are encrypted with: a new one from time to time, so that whoever
/// steals one can read little, and the one before it for clients that hold an older ticket.
final class TicketKeys {

    private final RandomGenerator random;
    private OpenSslSessionTicketKey current;
    private @Nullable OpenSslSessionTicketKey previous;

    /// @param random must be a secure one
    TicketKeys(RandomGenerator random) {
        this.random = random;
        current = create();
    }

    /// The first one encrypts; all decrypt.
    synchronized OpenSslSessionTicketKey[] inUse() {
        OpenSslSessionTicketKey before = previous;
        return before == null
                ? new OpenSslSessionTicketKey[] {current}
                : new OpenSslSessionTicketKey[] {current, before};
    }

    synchronized void rotate() {
        previous = current;
        current = create();
    }

    /// Makes every ticket handed out so far useless.
    synchronized void forget() {
        current = create();
        previous = null;
    }

    private OpenSslSessionTicketKey create() {
        return new OpenSslSessionTicketKey(
                bytes(OpenSslSessionTicketKey.NAME_SIZE),
                bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                bytes(OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
