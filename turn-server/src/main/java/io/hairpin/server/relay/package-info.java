/// The peer-facing side: relayed transport addresses, the sockets on them, and the path that data
/// takes between client and peers. Knows clients only as [ClientLink].
@NullMarked
package io.hairpin.server.relay;

import org.jspecify.annotations.NullMarked;
