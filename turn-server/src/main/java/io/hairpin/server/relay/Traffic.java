package io.hairpin.server.relay;

import io.hairpin.server.core.DropReason;

/// Told of each packet that passes or is dropped. Sizes are those of the application's data,
/// without any header of ours.
public interface Traffic {

    void relayedToPeer(int bytes);

    void relayedToClient(int bytes);

    void dropped(DropReason reason, long packets);

    default void dropped(DropReason reason) {
        dropped(reason, 1);
    }
}
