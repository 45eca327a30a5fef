package io.hairpin.server.relay;

import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.RefusalReason;

/// Told of each packet that passes or is dropped, and of each connection that is refused. Sizes are
/// those of the application's data, without any header of ours.
public interface Traffic {

    void relayedToPeer(int bytes);

    void relayedToClient(int bytes);

    void dropped(DropReason reason, long packets);

    default void dropped(DropReason reason) {
        dropped(reason, 1);
    }

    /// A connection was closed before its first message.
    void refused(RefusalReason reason);
}
