@NullMarked
package io.hairpin.bench.report;

import org.jspecify.annotations.NullMarked;
