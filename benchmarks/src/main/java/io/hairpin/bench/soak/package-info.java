/// A server under clients that come and go for a long time: starts it, keeps them coming, and tells
/// whether everything ended where it began.
@NullMarked
package io.hairpin.bench.soak;

import org.jspecify.annotations.NullMarked;
