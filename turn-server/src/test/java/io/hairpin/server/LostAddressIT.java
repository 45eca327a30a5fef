package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A listener whose address is taken from the machine while it serves.
class LostAddressIT {

    private static final List<String> OWN_NETWORK = List.of("unshare", "-rn");

    @Test
    void clientsElsewhereGoOnAndItServesAgainOnceTheAddressIsBack() throws Exception {
        boolean possible = run("ip", "link", "set", "lo", "up").exitCode() == 0;
        assumeTrue(possible || required(), "no network namespaces here");

        Finished finished =
                run(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LostAddress.class.getName());

        assertThat(finished.output()).contains("all went on").doesNotContain("ERROR");
        assertThat(finished.exitCode()).isZero();
    }

    private record Finished(int exitCode, String output) {}

    private static Finished run(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(OWN_NETWORK);
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Finished(process.waitFor(), output);
    }

    private static boolean required() {
        return !System.getenv().getOrDefault("REQUIRE_INTEROP", "").isEmpty();
    }
}
