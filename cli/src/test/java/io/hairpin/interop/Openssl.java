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
/// @param allocateRequest another, which has no credentials
record Openssl(Path authority, Path bindingRequest, Path allocateRequest) {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /// What it takes to have OpenSSL offer a version it no longer likes.
    private static final String ANY_VERSION = "DEFAULT@SECLEVEL=0";

    /// Echoed in answers, where it can be seen among other bytes.
    private static final String TRANSACTION_ID = "transaction1";

    static Openssl believing(Authority authority) {
        try {
            Path binding = Files.createTempFile(authority.folder(), "binding-request", ".bin");
            Files.write(binding, encodedRequest("00010000", ""));
            Path allocate = Files.createTempFile(authority.folder(), "allocate-request", ".bin");
            Files.write(allocate, encodedRequest("00030008", "0019000411000000"));
            return new Openssl(authority.own().certificate(), binding, allocate);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write requests", e);
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
        try (Program client = ask(bindingRequest, port, options)) {
            client.awaitOutput(TRANSACTION_ID, DEADLINE);
            return client.output();
        }
    }

    /// Shakes hands with a server that ends it, at the latest once a Binding request is sent.
    String refusal(int port, String... options) {
        try (Program client = ask(bindingRequest, port, options)) {
            assertThat(client.awaitExit(DEADLINE)).isPresent();
            assertThat(client.output()).doesNotContain(TRANSACTION_ID);
            return client.output();
        }
    }

    /// Shakes hands, has a Binding request answered, and leaves once a session to resume was
    /// written to a file.
    void bindAndKeepSession(int port, Path session) {
        try (Program client = ask(bindingRequest, port, "-sess_out", session.toString())) {
            client.awaitOutput(TRANSACTION_ID, DEADLINE);
        }
        assertThat(session).isNotEmptyFile();
    }

    /// Shakes hands, asks for an allocation without credentials, and waits until the answer has the
    /// name of a realm in it that stands nowhere else in what is printed.
    void isChallengedBy(String realm, int port, String... options) {
        try (Program client = ask(allocateRequest, port, options)) {
            client.awaitOutput(realm, DEADLINE);
        }
    }

    private Program ask(Path request, int port, String... options) {
        List<String> command = command(port, options);
        command.add("-ign_eof"); // otherwise it leaves at the end of its input
        return Program.startReading(request, command);
    }

    private List<String> command(int port, String... options) {
        List<String> command = new ArrayList<>();
        Collections.addAll(command, Tool.OPENSSL.path(), "s_client");
        Collections.addAll(command, "-connect", "127.0.0.1:" + port);
        Collections.addAll(command, "-CAfile", authority.toString(), "-verify_return_error");
        Collections.addAll(command, options);
        return command;
    }

    private static byte[] encodedRequest(String typeAndLength, String attributes) {
        String id = HexFormat.of().formatHex(TRANSACTION_ID.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().parseHex(typeAndLength + "2112a442" + id + attributes);
    }
}
