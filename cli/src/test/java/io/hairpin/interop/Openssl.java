package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/// How `openssl s_client` is called.
///
/// @param authority who vouches for the servers it believes
/// @param bindingRequest a file with what it may send
record Openssl(Path authority, Path bindingRequest) {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /// What it takes to have OpenSSL offer a version it no longer likes.
    private static final String ANY_VERSION = "DEFAULT@SECLEVEL=0";

    /// Echoed in answers, where it can be seen among other bytes.
    private static final String TRANSACTION_ID = "transaction1";

    static Openssl believing(Authority authority) {
        try {
            Path request = Files.createTempFile(authority.folder(), "binding-request", ".bin");
            Files.write(request, encodedRequest());
            return new Openssl(authority.own().certificate(), request);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a Binding request", e);
        }
    }

    /// Shakes hands with a server and leaves; what is told of the session is in the output.
    Program.Finished connect(int port, String... options) {
        return Program.run(command(port, options), DEADLINE);
    }

    /// Shakes hands in an old version, which the server is expected to refuse.
    Program.Finished connectInOldVersion(int port, String version) {
        return connect(port, version, "-cipher", ANY_VERSION);
    }

    /// Shakes hands, has a Binding request answered and leaves.
    ///
    /// @return all that was printed, some of it bytes of the answer
    String bind(int port, String... options) {
        try (Program client = ask(port, options)) {
            client.awaitOutput(TRANSACTION_ID, DEADLINE);
            return client.output();
        }
    }

    /// Shakes hands with a server that ends it, at the latest once a Binding request is sent.
    String refusal(int port, String... options) {
        try (Program client = ask(port, options)) {
            assertThat(client.awaitExit(DEADLINE)).isPresent();
            assertThat(client.output()).doesNotContain(TRANSACTION_ID);
            return client.output();
        }
    }

    /// Shakes hands, has a Binding request answered, and leaves once a session to resume was
    /// written to a file.
    void bindAndKeepSession(int port, Path session) {
        try (Program client = ask(port, "-sess_out", session.toString())) {
            client.awaitOutput(TRANSACTION_ID, DEADLINE);
        }
        assertThat(session).isNotEmptyFile();
    }

    private Program ask(int port, String... options) {
        List<String> command = command(port, options);
        command.add("-ign_eof"); // otherwise it leaves at the end of its input
        return Program.startReading(bindingRequest, command);
    }

    private List<String> command(int port, String... options) {
        List<String> command = new ArrayList<>();
        Collections.addAll(command, Tool.OPENSSL.path(), "s_client");
        Collections.addAll(command, "-connect", "127.0.0.1:" + port);
        Collections.addAll(command, "-CAfile", authority.toString(), "-verify_return_error");
        Collections.addAll(command, options);
        return command;
    }

    private static byte[] encodedRequest() {
        String id = HexFormat.of().formatHex(TRANSACTION_ID.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().parseHex("000100002112a442" + id);
    }
}
