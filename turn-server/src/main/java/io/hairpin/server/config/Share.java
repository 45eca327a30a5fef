package io.hairpin.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The number that a key has when it is not set: a share of others of the same record, so that who
/// changes those changes it with them.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Share {
    /// Of what allocations could hold all together.
    double QUARTER = 0.25;

    /// The same for each allocation that holds 64 at most.
    double QUARTER_OF_64 = 16;

    double HALF = 0.5;

    /// The names of one or two earlier components. It is a part of their product, and no less than
    /// each of two: all have room for one, and one for all that it may hold.
    String[] of();

    double part();

    int atLeast() default 1;
}
