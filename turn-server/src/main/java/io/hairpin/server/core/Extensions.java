package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

/// What a core does beyond TURN itself, where the operator wants it.
///
/// @param mobility null if clients stay where they are
public record Extensions(@Nullable Mobility mobility, Redirection redirection) {

    /// Nothing.
    public static final Extensions NONE = new Extensions(null, Redirection.NONE);
}
