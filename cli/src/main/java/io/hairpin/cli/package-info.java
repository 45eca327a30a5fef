/// The hairpin command: what an operator types, and what it prints.
@NullMarked
package io.hairpin.cli;

import org.jspecify.annotations.NullMarked;
