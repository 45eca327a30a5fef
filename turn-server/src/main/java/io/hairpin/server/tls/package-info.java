/// Certificates and keys: read, watched and served by, over TLS.
///
/// Nothing here knows TURN; nothing here is loaded by a server that has no certificate.
@NullMarked
package io.hairpin.server.tls;

import org.jspecify.annotations.NullMarked;
