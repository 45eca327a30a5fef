/// A client of NAT behaviour discovery (RFC 5780): finds out what the NATs between it and a server
/// do.
@NullMarked
package io.hairpin.client.nat;

import org.jspecify.annotations.NullMarked;
