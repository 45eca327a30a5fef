/// What reports of whole-server runs are made with: tables, drawings, and what they were run on.
@NullMarked
package io.hairpin.bench.report;

import org.jspecify.annotations.NullMarked;
