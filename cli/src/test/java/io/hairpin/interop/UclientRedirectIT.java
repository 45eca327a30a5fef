package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// coturn's client goes where 300 Try Alternate sends it, and loses nothing there.
class UclientRedirectIT {

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void theClientIsServedByTheOtherServer(String transport, @TempDir Path folder)
            throws IOException {
        Tool.UCLIENT.path();
        Path there = Files.createDirectory(folder.resolve("there"));
        try (EchoPeer peer = EchoPeer.start();
                ServerUnderTest other = ServerUnderTest.start(there);
                ServerUnderTest first =
                        ServerUnderTest.start(
                                folder,
                                Map.of(
                                        "redirect.alternates",
                                        "[ { transport: %s, address: 127.0.0.1, port: %d } ]"
                                                .formatted(
                                                        transport,
                                                        other.port(transport, "127.0.0.1"))))) {
            String[] options = transport.equals("tcp") ? new String[] {"-t"} : new String[0];

            Uclient.of(first, peer).losesNothingSaying("error 300 \\(\\)", 2, options);

            assertThat(first.metric("hairpin_allocations_opened_total")).isZero();
            assertThat(first.metric("hairpin_answers_total", "code=\"300\"")).isPositive();
            assertThat(other.metric("hairpin_allocations_opened_total")).isPositive();
            first.assertUnharmed();
            other.assertUnharmed();
        }
    }
}
