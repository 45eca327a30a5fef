/// A STUN and TURN client (RFC 8489, RFC 8656) for callers that may block.
@NullMarked
package io.hairpin.client;

import org.jspecify.annotations.NullMarked;
