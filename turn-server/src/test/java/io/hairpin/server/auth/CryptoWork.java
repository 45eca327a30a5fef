package io.hairpin.server.auth;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.Provider;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import javax.crypto.Mac;
import javax.crypto.MacSpi;

/// Notes what is computed with digests and HMACs, and over how many bytes: what takes time, and all
/// that does in telling who sent a request.
final class CryptoWork {

    private static final ThreadLocal<List<String>> NOTES = new ThreadLocal<>();

    private CryptoWork() {}

    /// What a task has computed. It runs on a thread of its own, so that nothing is kept from an
    /// earlier one.
    static List<String> of(Runnable task) {
        Provider provider = new Counting();
        Security.insertProviderAt(provider, 1);
        try {
            List<String> notes = new ArrayList<>();
            AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
            Thread thread =
                    Thread.ofPlatform()
                            .uncaughtExceptionHandler((_, e) -> failed.set(e))
                            .start(
                                    () -> {
                                        NOTES.set(notes);
                                        task.run();
                                    });
            thread.join();
            Throwable failure = failed.get();
            if (failure != null) {
                throw new AssertionError("the task failed", failure);
            }
            return List.copyOf(notes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            Security.removeProvider(provider.getName());
        }
    }

    private static void note(String what, long bytes) {
        List<String> notes = NOTES.get();
        if (notes != null) {
            notes.add(what + " of " + bytes);
        }
    }

    /// Comes before the JDK's own providers, and has them do the work.
    private static final class Counting extends Provider {

        private static final long serialVersionUID = 1;

        Counting() {
            super("counting", "1", "notes digests and HMACs");
            put("Mac.HmacSHA1", HmacSha1.class.getName());
            put("Mac.HmacSHA256", HmacSha256.class.getName());
            put("MessageDigest.MD5", Md5.class.getName());
            put("MessageDigest.SHA-256", Sha256.class.getName());
        }
    }

    abstract static class CountedMac extends MacSpi {

        private final Mac mac;
        private long bytes;

        CountedMac(String algorithm) {
            try {
                mac = Mac.getInstance(algorithm, "SunJCE");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        }

        @Override
        protected int engineGetMacLength() {
            return mac.getMacLength();
        }

        @Override
        protected void engineInit(Key key, AlgorithmParameterSpec parameters)
                throws InvalidKeyException {
            mac.init(key);
            bytes = 0;
        }

        @Override
        protected void engineUpdate(byte input) {
            mac.update(input);
            bytes++;
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            mac.update(input, offset, length);
            bytes += length;
        }

        @Override
        protected byte[] engineDoFinal() {
            note(mac.getAlgorithm(), bytes);
            bytes = 0;
            return mac.doFinal();
        }

        @Override
        protected void engineReset() {
            mac.reset();
            bytes = 0;
        }
    }

    abstract static class CountedDigest extends MessageDigestSpi {

        private final MessageDigest digest;
        private long bytes;

        CountedDigest(String algorithm) {
            try {
                digest = MessageDigest.getInstance(algorithm, "SUN");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        }

        @Override
        protected void engineUpdate(byte input) {
            digest.update(input);
            bytes++;
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            digest.update(input, offset, length);
            bytes += length;
        }

        @Override
        protected byte[] engineDigest() {
            note(digest.getAlgorithm(), bytes);
            bytes = 0;
            return digest.digest();
        }

        @Override
        protected void engineReset() {
            digest.reset();
            bytes = 0;
        }
    }

    /// One of those that a provider makes, so it is public.
    public static final class HmacSha1 extends CountedMac {
        public HmacSha1() {
            super("HmacSHA1");
        }
    }

    /// As [HmacSha1].
    public static final class HmacSha256 extends CountedMac {
        public HmacSha256() {
            super("HmacSHA256");
        }
    }

    /// As [HmacSha1].
    public static final class Md5 extends CountedDigest {
        public Md5() {
            super("MD5");
        }
    }

    /// As [HmacSha1].
    public static final class Sha256 extends CountedDigest {
        public Sha256() {
            super("SHA-256");
        }
    }
}
