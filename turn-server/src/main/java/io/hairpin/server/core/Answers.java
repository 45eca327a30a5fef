package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

/// Who is answered, and how much is said.
///
/// @param strangers limits the answers to those who have not authenticated; null if all get one
/// @param reasonPhrases whether errors say in words what their code means
public record Answers(@Nullable Strangers strangers, boolean reasonPhrases) {

    /// Answers to all, as short as they can be.
    public static final Answers TO_ALL = new Answers(null, false);
}
