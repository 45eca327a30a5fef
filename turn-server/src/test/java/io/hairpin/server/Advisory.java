package io.hairpin.server;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names what went wrong in another server, as in `@Advisory("CVE-2020-26262")`: the test tries the
/// same on this one.
///
/// `docs/advisories.md` lists the same pairs with what it was; [AdvisoriesPageTest] keeps the two
/// equal.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Advisory {
    String[] value();
}
