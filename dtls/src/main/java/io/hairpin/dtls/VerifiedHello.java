package io.hairpin.dtls;

import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSVerifier;
import org.bouncycastle.tls.DatagramSender;
import org.bouncycastle.tls.crypto.TlsHMAC;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;

/// A whole ClientHello whose cookie was found to be ours.
///
/// Bouncy Castle takes one only from its own verifier, whose cookies cover the whole message, so
/// that it would have to keep parts of unverified ones. Here that verifier is told which cookie to
/// expect.
final class VerifiedHello {

    private static final byte[] NOT_NEEDED = {};

    private final byte[] record;
    private final byte[] cookie;

    /// @param record the ClientHello as one record, even if it arrived in several
    VerifiedHello(byte[] record, byte[] cookie) {
        this.record = record;
        this.cookie = cookie;
    }

    /// What Bouncy Castle makes of it, or null if it is broken.
    @Nullable DTLSRequest request(SecureRandom random) {
        return new DTLSVerifier(new Expecting(cookie, random))
                .verifyRequest(NOT_NEEDED, record, 0, record.length, new NoSender());
    }

    private static final class Expecting extends JcaTlsCrypto {

        private final byte[] cookie;

        Expecting(byte[] cookie, SecureRandom random) {
            super(new DefaultJcaJceHelper(), random, random);
            this.cookie = cookie;
        }

        @Override
        public TlsHMAC createHMAC(int algorithm) {
            return new KnownMac(cookie);
        }
    }

    /// A MAC that is known beforehand.
    private static final class KnownMac implements TlsHMAC {

        private final byte[] value;

        KnownMac(byte[] value) {
            this.value = value;
        }

        @Override
        public void setKey(byte[] key, int offset, int length) {}

        @Override
        public void update(byte[] input, int offset, int length) {}

        @Override
        public byte[] calculateMAC() {
            return value.clone();
        }

        @Override
        public void calculateMAC(byte[] output, int offset) {
            System.arraycopy(value, 0, output, offset, value.length);
        }

        @Override
        public int getMacLength() {
            return value.length;
        }

        @Override
        public int getInternalBlockSize() {
            return value.length;
        }

        @Override
        public void reset() {}
    }

    private static final class NoSender implements DatagramSender {

        @Override
        public int getSendLimit() {
            return 0;
        }

        @Override
        public void send(byte[] bytes, int offset, int length) {
            throw new IllegalStateException("the cookie is right");
        }
    }
}
