package io.hairpin.server.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Stands for the contents of files, so that a change shows whatever the clock of the file system
/// says, and however the change was made.
record Fingerprint(String hex) {

    static Fingerprint of(byte[]... files) {
        try {
            MessageDigest all = MessageDigest.getInstance("SHA-256");
            for (byte[] file : files) {
                // Of a digest each, so that bytes cannot pass from one file to the next unseen.
                all.update(MessageDigest.getInstance("SHA-256").digest(file));
            }
            return new Fingerprint(HexFormat.of().formatHex(all.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
