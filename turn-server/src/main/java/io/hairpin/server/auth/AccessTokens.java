package io.hairpin.server.auth;

import static io.hairpin.stun.Attributes.USERHASH;
import static io.hairpin.stun.Attributes.USERNAME;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.stun.Integrity;
import io.hairpin.stun.OpaqueString;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.UserHash;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.crypto.spec.SecretKeySpec;

/// Opens the access tokens that authorization servers made for this server (RFC 7635 §7).
/// Thread-safe, and keeps nothing of any token.
///
/// ```
/// nonce_length (16 bits) | nonce | block, encrypted, and its tag (see AccessToken)
/// ```
///
/// The name of this server is authenticated along with the block, so a token for another server
/// that has the same key opens nothing here.
public final class AccessTokens {
    /// How far the clocks of both servers may be apart (RFC 7635 §7).
    static final Duration DELTA = Duration.ofSeconds(5);

    /// Less than this grants nothing, since lifetimes are whole seconds.
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private static final int STRONG_KEY_BYTES = 32;

    private static final int HEAD_BYTES = Short.BYTES + AesGcm.NONCE_BYTES;
    private static final int MIN_BYTES = HEAD_BYTES + AccessToken.MIN_BYTES + AesGcm.TAG_BYTES;
    private static final int MAX_BYTES = HEAD_BYTES + AccessToken.MAX_BYTES + AesGcm.TAG_BYTES;

    /// Names a token; 64 bits are enough for two not to share a quota by chance.
    private static final int FINGERPRINT_BYTES = 8;

    /// Tried in the place of a key or a token there is not, so that the work does not show which.
    /// They need not be secret: what they fit counts for nothing.
    private static final SecretKeySpec NO_KEY = AesGcm.key(new byte[32]);

    private static final AccessToken NO_TOKEN =
            AccessToken.of(new byte[AccessToken.MIN_MAC_KEY_BYTES], Instant.EPOCH, Duration.ZERO);

    private final String serverName;
    private final byte[] associated;
    private final Map<String, SecretKeySpec> keys = new HashMap<>();
    private final Map<ByteBuffer, String> idsByHash = new HashMap<>();
    private final InstantSource clock;

    /// What a token came to. There is a key in any case, to compute with.
    ///
    /// @param cut the same session with the key that coturn's clients sign with
    /// @param refusal why the token counts for nothing, for logs; empty if it counts
    record Opened(TokenSession session, TokenSession cut, Duration left, String refusal) {}

    /// @throws IllegalArgumentException if there is no key, or two of one name
    public AccessTokens(String realm, String serverName, List<TokenKey> keys, InstantSource clock) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there is no key to open access tokens with");
        }
        this.serverName = serverName;
        this.associated = serverName.getBytes(UTF_8);
        this.clock = clock;
        for (TokenKey key : keys) {
            if (this.keys.put(key.id(), key.key()) != null) {
                throw new IllegalArgumentException("two token keys are named '" + key.id() + "'");
            }
            idsByHash.put(ByteBuffer.wrap(UserHash.of(key.id(), realm)), key.id());
        }
    }

    /// What clients name this server by when they ask for a token.
    String serverName() {
        return serverName;
    }

    /// What a client names its key by (RFC 7635 §7); empty if that is nothing of ours.
    String keyId(StunMessage request) {
        return request.find(USERNAME)
                .flatMap(OpaqueString::prepare)
                .or(() -> request.find(USERHASH).flatMap(this::keyId))
                .orElse("");
    }

    /// The key id of a client that hides it (RFC 8489 §14.4).
    Optional<String> keyId(byte[] userhash) {
        return Optional.ofNullable(idsByHash.get(ByteBuffer.wrap(userhash)));
    }

    /// Opens a token that was made with the key of that name, or does as much work in vain.
    Opened open(String keyId, byte[] token) {
        SecretKeySpec key = keys.get(keyId);
        Optional<AccessToken> opened = decrypt(key == null ? NO_KEY : key, token);
        AccessToken content = opened.orElse(NO_TOKEN);
        Instant now = clock.instant();
        Duration left = left(content, now);
        TokenSession session =
                new TokenSession(
                        keyId,
                        keyId + TokenSession.MARK + fingerprint(token),
                        content.key(),
                        content.keyBytes() >= STRONG_KEY_BYTES,
                        now.plus(left));
        TokenSession cut = session.weakened(content.cutKey());
        return new Opened(session, cut, left, refusal(key != null, opened.isPresent(), left));
    }

    /// How long a session is good for from now on; empty once that is less than a second.
    Optional<Duration> left(TokenSession session) {
        return Optional.of(Duration.between(clock.instant(), session.expires()))
                .filter(left -> left.compareTo(SHORTEST) >= 0);
    }

    /// The sessions that may have signed a request without a token.
    List<TokenGrant> usable(List<TokenSession> sessions, StunMessage request, Integrity integrity) {
        if (sessions.isEmpty()) {
            return List.of();
        }
        String keyId = keyId(request);
        return sessions.stream()
                .filter(session -> session.keyId().equals(keyId))
                .filter(session -> session.takes(integrity))
                .flatMap(
                        session ->
                                left(session).map(left -> new TokenGrant(session, left)).stream())
                .toList();
    }

    private Optional<AccessToken> decrypt(SecretKeySpec key, byte[] token) {
        if (token.length < MIN_BYTES
                || token.length > MAX_BYTES
                || ByteBuffer.wrap(token).getShort() != AesGcm.NONCE_BYTES) {
            return Optional.empty();
        }
        byte[] nonce = Arrays.copyOfRange(token, Short.BYTES, HEAD_BYTES);
        return AesGcm.open(key, nonce, associated, token, HEAD_BYTES).flatMap(AccessToken::parse);
    }

    /// RFC 7635 §7 and §9: lifetime + delta - |now - timestamp|.
    private static Duration left(AccessToken token, Instant now) {
        return token.lifetime().plus(DELTA).minus(Duration.between(token.issued(), now).abs());
    }

    private static String refusal(boolean known, boolean authentic, Duration left) {
        if (!known) {
            return "unknown key id";
        }
        if (!authentic) {
            return "access token is not authentic";
        }
        return left.compareTo(SHORTEST) < 0 ? "access token has expired" : "";
    }

    private static String fingerprint(byte[] token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token);
            return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
