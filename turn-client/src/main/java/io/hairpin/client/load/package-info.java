/// A load generator for TURN servers: many clients on few event loops, their peers, and what came
/// of the packets between them.
@NullMarked
package io.hairpin.client.load;

import org.jspecify.annotations.NullMarked;
