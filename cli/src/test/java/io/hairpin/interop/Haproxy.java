package io.hairpin.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// HAProxy in front of a server, on both loopback addresses.
final class Haproxy implements AutoCloseable {

    /// An address for proxies that no client has.
    static final String ADDRESS = "127.0.0.2";

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Program program;
    private final int port;

    private Haproxy(Program program, int port) {
        this.program = program;
        this.port = port;
    }

    /// Starts one that passes connections on to a port of the server, and returns once it serves.
    ///
    /// @param header how it tells who the client is: `send-proxy` or `send-proxy-v2`
    /// @param source the address it connects from
    static Haproxy start(Path folder, int serverPort, String header, String source) {
        int port = Ports.free();
        String text =
                """
                defaults
                  mode tcp
                  timeout connect 10s
                  timeout client 60s
                  timeout server 60s
                listen turn
                  bind 127.0.0.1:%1$d
                  bind ::1:%1$d
                  server hairpin 127.0.0.1:%2$d %3$s source %4$s
                """
                        .formatted(port, serverPort, header, source);
        try {
            Path configuration = Files.createTempFile(folder, "haproxy", ".cfg");
            Files.writeString(configuration, text);
            Program program =
                    Program.start(
                            List.of(
                                    Tool.HAPROXY.path(),
                                    "-W",
                                    "-db",
                                    "-f",
                                    configuration.toString()));
            program.awaitOutput("Loading success", DEADLINE); // its worker has bound by then
            return new Haproxy(program, port);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot configure HAProxy", e);
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        program.close();
    }
}
