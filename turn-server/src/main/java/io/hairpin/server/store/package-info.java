/// Places outside this process where users are known, asked off the event loops.
///
/// What is here is loaded only by a server that has such a place.
@NullMarked
package io.hairpin.server.store;

import org.jspecify.annotations.NullMarked;
