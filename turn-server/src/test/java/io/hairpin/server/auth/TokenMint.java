package io.hairpin.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.stun.IntegrityKey;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// An authorization server: makes access tokens (RFC 7635 §6.2), also ones it should not make.
public final class TokenMint {

    public static final String SERVER_NAME = "turn.example.org";

    private final String serverName;
    private final String keyId;
    private final byte[] key;

    TokenMint(String serverName, String keyId, byte[] key) {
        this.serverName = serverName;
        this.keyId = keyId;
        this.key = key;
    }

    /// A token, and the key that its bearer is given along with it.
    public static final class Minted {
        private final String keyId;
        private final byte[] token;
        private final byte[] macKey;

        private Minted(String keyId, byte[] token, byte[] macKey) {
            this.keyId = keyId;
            this.token = token;
            this.macKey = macKey;
        }

        public String keyId() {
            return keyId;
        }

        public byte[] token() {
            return token.clone();
        }

        byte[] macKey() {
            return macKey.clone();
        }

        /// How the server names whoever bears it.
        public String bearer() {
            return keyId + '\t' + HexFormat.of().formatHex(sha256(token), 0, 8);
        }

        public IntegrityKey key() {
            return IntegrityKey.ofBytes(macKey);
        }
    }

    /// One with a key of as many bytes as A256GCM takes, which follows from its id.
    public static TokenMint of(String keyId) {
        return new TokenMint(
                SERVER_NAME, keyId, Arrays.copyOf((keyId + " ".repeat(32)).getBytes(UTF_8), 32));
    }

    public TokenKey tokenKey() {
        return new TokenKey(
                keyId, key.length == 16 ? TokenAlgorithm.A128GCM : TokenAlgorithm.A256GCM, key);
    }

    public TokenMint forServer(String name) {
        return new TokenMint(name, keyId, key);
    }

    /// Makes a token.
    ///
    /// @param number tells tokens apart, as randomness would
    public Minted mint(long number, int macKeyBytes, Instant issued, Duration lifetime) {
        byte[] macKey = new byte[macKeyBytes];
        Arrays.fill(macKey, (byte) 'k');
        ByteBuffer.wrap(macKey).putLong(number);
        byte[] nonce = ByteBuffer.allocate(12).putLong(4, number).array();
        return new Minted(keyId, seal(nonce, block(macKey, timestamp(issued), lifetime)), macKey);
    }

    static long timestamp(Instant time) {
        return (time.getEpochSecond() << 16) | (time.getNano() / 15_625);
    }

    static byte[] block(byte[] macKey, long timestamp, Duration lifetime) {
        return ByteBuffer.allocate(2 + macKey.length + 12)
                .putShort((short) macKey.length)
                .put(macKey)
                .putLong(timestamp)
                .putInt((int) lifetime.toSeconds())
                .array();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Encrypts any block.
    byte[] seal(byte[] nonce, byte[] block) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new GCMParameterSpec(128, nonce));
            cipher.updateAAD(serverName.getBytes(UTF_8));
            byte[] sealed = cipher.doFinal(block);
            return ByteBuffer.allocate(2 + nonce.length + sealed.length)
                    .putShort((short) nonce.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
