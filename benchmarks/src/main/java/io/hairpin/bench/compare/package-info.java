/// Whole servers side by side: starts them in turns, drives the same traffic through each, and
/// writes what came of it as a table and a plot.
@NullMarked
package io.hairpin.bench.compare;

import org.jspecify.annotations.NullMarked;
