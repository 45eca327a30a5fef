package io.hairpin.server.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the requirement that a test proves, as in `@Rfc("8656 §7.2")`.
///
/// `docs/rfc-coverage.md` lists the same pairs with what each requirement says;
/// [RfcCoverageTest] keeps the two equal.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Rfc {
    String[] value();
}
