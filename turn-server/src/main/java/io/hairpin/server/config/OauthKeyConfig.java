package io.hairpin.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.stun.OpaqueString;

import java.util.Base64;
import java.util.Optional;

/// A key shared with an authorization server, which encrypts access tokens with it.
///
/// @param id what tokens made with it are accompanied by, in USERNAME
/// @param key in Base64
public record OauthKeyConfig(String id, Secret key, @Default("A256GCM") TokenAlgorithm algorithm) {

    /// RFC 8489 §14.3 wants fewer than 509 bytes.
    private static final int MAX_ID_BYTES = 508;

    public OauthKeyConfig {
        Optional<byte[]> bytes = decode(key);
        new Rules()
                .check(
                        OpaqueString.prepare(id).filter(id::equals).isPresent()
                                && id.getBytes(UTF_8).length <= MAX_ID_BYTES,
                        "id",
                        id,
                        "a key id has 1 to " + MAX_ID_BYTES + " bytes of printable characters",
                        "use the name that the authorization server gives the key")
                .check(
                        bytes.isPresent(),
                        "key",
                        "",
                        "it is not Base64",
                        "encode the key as in: head -c 32 /dev/urandom | base64")
                .check(
                        bytes.isEmpty() || bytes.get().length >= algorithm.keyBytes(),
                        "key",
                        "",
                        algorithm + " takes " + algorithm.keyBytes() + " bytes, and it has fewer",
                        "give the whole key, or name the algorithm that it is for")
                .enforce();
    }

    /// The key itself; bytes beyond those that the algorithm takes do not count.
    public byte[] bytes() {
        return decode(key).orElseThrow();
    }

    private static Optional<byte[]> decode(Secret key) {
        try {
            return Optional.of(Base64.getDecoder().decode(key.reveal()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
