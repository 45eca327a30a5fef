/// Datagram sockets behind one interface, and the event loops under them: the native
/// implementation for Linux, by system calls that take many datagrams, and the portable one over
/// Netty's channels. Knows nothing of TURN.
@NullMarked
package io.hairpin.net;

import org.jspecify.annotations.NullMarked;
