package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.file.Path;
import java.util.List;

/// A server without a certificate starts without what TLS needs, and one without a webhook without
/// what HTTP does: loading it takes longer than the whole start.
class WithoutCertificateIT {

    @Test
    @Timeout(60)
    void nothingOfTlsOrOfLookUpsIsLoaded() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xlog:class+load",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Started.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        List<String> loaded =
                said.lines()
                        .filter(line -> line.contains("[class,load"))
                        .map(line -> line.replaceFirst("^.*?\\] +(\\S+).*", "$1"))
                        .toList();
        assertThat(loaded).anyMatch(TurnServer.class.getName()::equals);
        assertThat(loaded)
                .noneMatch(name -> name.startsWith("org.bouncycastle."))
                .noneMatch(name -> name.startsWith("sun.security.ssl."))
                .noneMatch(name -> name.startsWith("io.netty.internal.tcnative."))
                .noneMatch(name -> name.startsWith("io.netty.handler.ssl."))
                .noneMatch(name -> name.startsWith("io.hairpin.server.tls."));
        assertThat(loaded)
                .as("what looking users up needs")
                .noneMatch(name -> name.startsWith("java.net.http."))
                .noneMatch(name -> name.startsWith("jdk.internal.net.http."))
                .noneMatch(name -> name.startsWith("tools.jackson."))
                .noneMatch(name -> name.startsWith("io.hairpin.server.store."));
    }

    /// Starts a server, and stops it.
    static final class Started {
        private Started() {}

        public static void main(String[] args) {
            TurnServer.start(TestConfiguration.loopback().build()).close();
        }
    }
}
