/// DTLS 1.2 (RFC 6347) over the UDP sockets of an event loop: nothing is kept of a client before it
/// has shown that it receives what is sent to it, and records are handled on the loop.
@NullMarked
package io.hairpin.dtls;

import org.jspecify.annotations.NullMarked;
