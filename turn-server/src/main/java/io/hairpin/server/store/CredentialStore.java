package io.hairpin.server.store;

import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.CredentialQuery;

import java.util.List;
import java.util.concurrent.CompletionStage;

/// A place outside this process where users are known. Implementations are thread-safe, because
/// one instance serves every shard.
public interface CredentialStore extends AutoCloseable {

    /// The credentials the name may stand for, with keys for the algorithm asked; none if nobody
    /// has that name. Returns at once, and completes on any thread: with an [UnansweredLookUp] if
    /// that could not be found out.
    CompletionStage<List<Credential>> find(CredentialQuery query);

    /// Lets go of everything; look-ups under way fail.
    @Override
    void close();
}
