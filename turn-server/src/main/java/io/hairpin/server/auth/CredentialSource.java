package io.hairpin.server.auth;

import io.hairpin.stun.PasswordAlgorithm;

import java.util.List;
import java.util.Set;

/// A place where users are known: a static list, a shared secret, later a database. Implementations
/// are thread-safe, because one instance serves every shard.
public interface CredentialSource {
    /// The credentials the name may stand for, keys derived with `algorithm`; none if the name is
    /// not known here. There is more than one where a secret is being rotated and either may have
    /// been used.
    ///
    /// @param username as prepared with OpaqueString
    List<Credential> find(String username, PasswordAlgorithm algorithm);

    /// The same for a USERHASH (RFC 8489 §14.4). A source that is not enumerable knows none.
    List<Credential> findByHash(byte[] userhash, PasswordAlgorithm algorithm);

    /// The password algorithms for which a key exists for *every* user of this source.
    Set<PasswordAlgorithm> algorithms();

    /// Whether all users are known in advance, so that each can be found by the hash of its name.
    boolean enumerable();
}
