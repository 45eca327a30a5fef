@NullMarked
package io.hairpin.bench.soak;

import org.jspecify.annotations.NullMarked;
