@NullMarked
package io.hairpin.bench.compare;

import org.jspecify.annotations.NullMarked;
