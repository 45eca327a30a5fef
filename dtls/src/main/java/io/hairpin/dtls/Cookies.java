package io.hairpin.dtls;

import io.hairpin.net.Datagram;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes and checks the cookies by which clients show that they receive at their address (RFC 6347
/// §4.2.1): a MAC over both addresses and what every first part of a ClientHello holds.
///
/// A cookie is good for one to two minutes. The key of each minute is made from a secret, so that
/// all who know it agree without talking. Not thread-safe.
final class Cookies {

    /// RFC 4347 allows 32 at most.
    static final int BYTES = 17;

    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int SECRET_BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 32;
    private static final int ADDRESS_BYTES = 2 * Long.BYTES;

    private final byte[] secret;
    private final Key[] keys = {new Key(), new Key()};
    private final byte[] input =
            new byte[2 * ADDRESS_BYTES + Short.BYTES + HelloFragment.MAX_PARAMETERS_BYTES];
    private final ByteBuffer inputBytes = ByteBuffer.wrap(input);
    private final byte[] mac = new byte[MAC_BYTES];
    private final byte[] offered = new byte[0xFF];

    Cookies(byte[] secret) {
        this.secret = secret.clone();
    }

    static byte[] newSecret(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return secret;
    }

    /// The cookie that the client should return.
    byte[] cookie(HelloFragment hello, Datagram from, long nowNanos) {
        byte[] cookie = new byte[BYTES];
        compute(hello, from, period(nowNanos), cookie);
        return cookie;
    }

    /// The cookie that the client returned, or null if it is not ours, or too old.
    byte @Nullable [] returned(HelloFragment hello, Datagram from, long nowNanos) {
        if (hello.cookieLength() != BYTES) {
            return null;
        }
        hello.copyCookieTo(offered);
        long period = period(nowNanos);
        if ((byte) period != offered[0]) {
            period--;
        }
        byte[] expected = new byte[BYTES];
        compute(hello, from, period, expected);
        boolean isEqual = MessageDigest.isEqual(expected, Arrays.copyOf(offered, BYTES));
        return isEqual ? expected : null;
    }

    private static long period(long nowNanos) {
        return Math.floorDiv(nowNanos, PERIOD_NANOS);
    }

    /// The first byte tells the period, which saves trying two keys.
    private void compute(HelloFragment hello, Datagram from, long period, byte[] cookie) {
        inputBytes
                .clear()
                .putLong(from.sourceHigh())
                .putLong(from.sourceLow())
                .putShort((short) from.sourcePort())
                .putLong(from.localHigh())
                .putLong(from.localLow());
        hello.putParameters(inputBytes);
        try {
            Mac algorithm = key(period);
            algorithm.update(input, 0, inputBytes.position());
            algorithm.doFinal(mac, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
        cookie[0] = (byte) period;
        System.arraycopy(mac, 0, cookie, 1, BYTES - 1);
    }

    private Mac key(long period) throws GeneralSecurityException {
        Key key = keys[(int) (period & 1)];
        if (key.algorithm == null || key.period != period) {
            Mac derivation = Mac.getInstance(ALGORITHM);
            derivation.init(new SecretKeySpec(secret, ALGORITHM));
            byte[] derived =
                    derivation.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(period).array());
            key.algorithm = Mac.getInstance(ALGORITHM);
            key.algorithm.init(new SecretKeySpec(derived, ALGORITHM));
            key.period = period;
        }
        return key.algorithm;
    }

    /// What the cookies of one period are made with.
    private static final class Key {
        private long period;
        private @Nullable Mac algorithm;
    }
}
