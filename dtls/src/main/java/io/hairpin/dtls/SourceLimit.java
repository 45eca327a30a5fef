package io.hairpin.dtls;

import java.net.InetAddress;

/// How much clients that come from the same place may use at once. Thread-safe.
public interface SourceLimit {

    /// As much as they like.
    SourceLimit NONE =
            new SourceLimit() {
                @Override
                public boolean tryAcquire(InetAddress client) {
                    return true;
                }

                @Override
                public void release(InetAddress client) {}
            };

    /// Counts one more for a client until it is released, if there may be one.
    boolean tryAcquire(InetAddress client);

    void release(InetAddress client);
}
