package io.hairpin.server.config;

import java.util.List;

/// What loading gave: a configuration, or everything that is wrong with it.
public sealed interface Loaded {

    /// A configuration that a server can start with.
    record Valid(Configuration configuration) implements Loaded {}

    /// Everything that has to be put right, in the order of the file.
    record Invalid(List<ConfigProblem> problems) implements Loaded {}
}
