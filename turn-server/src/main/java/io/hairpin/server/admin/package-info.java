/// What operators see of a running server over HTTP: metrics and health. It runs on a thread of its
/// own, so that nobody who looks can slow down a relay.
@NullMarked
package io.hairpin.server.admin;

import org.jspecify.annotations.NullMarked;
