package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How `gnutls-cli` is called, which knows raw public keys (RFC 7250) as well as certificates.
///
/// @param bindingRequest a file with what it sends
record Gnutls(Path bindingRequest) {

    /// It is shown keys alone, or not served.
    static final String RAW_ALONE = "NORMAL:-CTYPE-SRV-ALL:+CTYPE-SRV-RAWPK";

    /// It would rather be shown keys.
    static final String RAW_FIRST = RAW_ALONE + ":+CTYPE-SRV-X509";

    /// It would rather be shown certificates.
    static final String RAW_LAST = "NORMAL:+CTYPE-SRV-RAWPK";

    /// What begins a pin, in its words and in ours.
    static final String PIN = "pin-sha256:";

    private static final Pattern PUBLIC_KEY =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----");

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /// Echoed in answers, where it can be seen among other bytes.
    private static final String TRANSACTION_ID = "transaction1";

    static Gnutls in(Path folder) {
        try {
            String id = HexFormat.of().formatHex(TRANSACTION_ID.getBytes(US_ASCII));
            byte[] request = HexFormat.of().parseHex("000100002112a442" + id);
            return new Gnutls(Files.write(folder.resolve("gnutls-request.bin"), request));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a request", e);
        }
    }

    /// Shakes hands, has a Binding request answered and leaves.
    ///
    /// @param priority which versions and kinds of certificates it offers
    /// @return all that was printed, some of it bytes of the answer
    String bind(int port, String priority, String... options) {
        List<String> command = new ArrayList<>();
        // It leaves at the end of its input, so that has none.
        Collections.addAll(command, "sh", "-c", "tail -c +1 -f \"$0\" | \"$@\"");
        command.add(bindingRequest.toString());
        command.addAll(command(port, priority, options));
        try (Program client = Program.start(command)) {
            client.awaitOutput(TRANSACTION_ID, DEADLINE);
            return client.output();
        }
    }

    /// Shakes hands as far as the server does.
    Program.Finished connect(int port, String priority, String... options) {
        return Program.run(command(port, priority, options), DEADLINE);
    }

    /// The pin of the key that was shown without a certificate, worked out from the key itself.
    static String pin(String output) {
        Matcher shown = PUBLIC_KEY.matcher(output);
        assertThat(shown.find()).as("a public key in:\n%s", output).isTrue();
        byte[] key = Base64.getMimeDecoder().decode(shown.group(1));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
            return PIN + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static List<String> command(int port, String priority, String... options) {
        List<String> command = new ArrayList<>();
        // What vouches for the key is its pin, which the test compares.
        Collections.addAll(command, Tool.GNUTLS.path(), "--insecure", "--print-cert");
        Collections.addAll(command, "--priority", priority);
        Collections.addAll(command, "--sni-hostname", Authority.SERVER_NAME);
        Collections.addAll(command, "--port", Integer.toString(port));
        Collections.addAll(command, options);
        command.add("127.0.0.1");
        return command;
    }
}
