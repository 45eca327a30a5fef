/// The TURN protocol as a state machine: events and time in, effects out.
///
/// Nothing in here opens a socket, reads a clock, starts a thread, draws randomness of its own
/// or logs.
@NullMarked
package io.hairpin.server.core;

import org.jspecify.annotations.NullMarked;
