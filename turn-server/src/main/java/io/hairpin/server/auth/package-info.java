/// Who may relay: credential sources, nonces, and the verdict on each request (RFC 8489 §9.2).
/// Nothing here does I/O or knows of threads; wall time comes from an injected `InstantSource`.
@NullMarked
package io.hairpin.server.auth;

import org.jspecify.annotations.NullMarked;
