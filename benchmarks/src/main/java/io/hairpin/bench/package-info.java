/// What the codec costs, measured by JMH.
@NullMarked
package io.hairpin.bench;

import org.jspecify.annotations.NullMarked;
