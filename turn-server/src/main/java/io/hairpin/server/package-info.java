/// The server put together: [TurnServer] builds it from a configuration, [Shard] runs it.
@NullMarked
package io.hairpin.server;

import org.jspecify.annotations.NullMarked;
