/// Datagram sockets behind one interface, the portable implementation over Netty, and the event
/// loops under both. Knows nothing of TURN.
@NullMarked
package io.hairpin.net;

import org.jspecify.annotations.NullMarked;
