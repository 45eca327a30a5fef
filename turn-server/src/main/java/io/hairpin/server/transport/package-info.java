/// The client-facing side: listeners, the framing of streams, and what tells data from control.
/// Data goes straight to the [io.hairpin.server.relay.ClientPath]; STUN messages go to [Control].
@NullMarked
package io.hairpin.server.transport;

import org.jspecify.annotations.NullMarked;
