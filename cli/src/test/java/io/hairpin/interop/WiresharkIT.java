package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// Wireshark can read every packet the server sends, and finds nothing wrong with any.
@Alone
class WiresharkIT {

    private static final String ALLOCATE_SUCCESS = "stun.type == 0x0103";
    private static final String ALLOCATE_ERROR = "stun.type == 0x0113";
    private static final String REFRESH_SUCCESS = "stun.type == 0x0104";
    private static final String CREATE_PERMISSION_SUCCESS = "stun.type == 0x0108";
    private static final String CHANNEL_BIND_SUCCESS = "stun.type == 0x0109";
    private static final String DATA_INDICATION = "stun.type == 0x0017";
    private static final String CHANNEL_DATA = "stun.channel";

    @TempDir private Path folder;

    @BeforeEach
    void findTools() {
        Tool.TSHARK.path();
        Tool.DUMPCAP.path();
    }

    @Test
    void whatCoturnsClientIsSentIsWellFormed() {
        Tool.UCLIENT.path();
        try (EchoPeer peer = EchoPeer.start();
                ServerUnderTest server = ServerUnderTest.startWithoutOffload(folder)) {
            Uclient uclient = Uclient.of(server, peer);
            Capture capture =
                    Capture.start(
                            folder.resolve("uclient.pcapng"),
                            server.ports("udp"),
                            server.ports("tcp"));
            try (capture) {
                atOnce(
                        () -> uclient.losesNothing(2),
                        () -> uclient.losesNothing(2, "-t"),
                        () -> uclient.losesNothing(2, "-s"),
                        () -> uclient.losesNothing(2, "-s", "-t"),
                        () -> uclient.serverAt("::1").peerAt("::1").losesNothing(2, "-x"),
                        () -> uclient.as("-u", ServerUnderTest.USER, "-w", "wrong").run(),
                        () -> uclient.run("-N")); // a channel that is refused
            }

            assertThat(capture.complaints()).isEmpty();
            assertThat(capture.count("udp && !stun")).isZero();
            assertThat(
                            capture.count(
                                    "tcp.len > 0 && !stun && !tcp.reassembled_in &&"
                                            + " !tcp.analysis.retransmission"))
                    .isZero();
            for (String transport : List.of("udp", "tcp")) {
                assertThat(capture.count(transport + " && " + ALLOCATE_SUCCESS)).isPositive();
                assertThat(capture.count(transport + " && " + ALLOCATE_ERROR)).isPositive();
                assertThat(capture.count(transport + " && " + REFRESH_SUCCESS)).isPositive();
                assertThat(capture.count(transport + " && " + CREATE_PERMISSION_SUCCESS))
                        .isPositive();
                assertThat(capture.count(transport + " && " + CHANNEL_BIND_SUCCESS)).isPositive();
            }
            long messages = 2 * Uclient.MESSAGES;
            assertThat(capture.count("udp && " + DATA_INDICATION)).isEqualTo(messages);
            assertThat(capture.count("udp && ip && " + CHANNEL_DATA)).isEqualTo(messages);
            assertThat(capture.count("udp && ipv6 && " + CHANNEL_DATA)).isEqualTo(messages);
            assertThat(capture.count("tcp && " + DATA_INDICATION)).isPositive();
            assertThat(capture.count("tcp && " + CHANNEL_DATA)).isPositive();
        }
    }

    @Test
    void whatABrowserIsSentIsWellFormed() throws IOException {
        Tool.CHROMIUM.path();
        try (ServerUnderTest server = ServerUnderTest.startWithoutOffload(folder)) {
            Capture capture =
                    Capture.start(
                            folder.resolve("browser.pcapng"),
                            server.ports("udp"),
                            server.ports("tcp"));
            try (capture) {
                for (String transport : List.of("udp", "tcp")) {
                    Browser.visit(
                            ChromiumIT.call(server, transport, 1 << 20),
                            Files.createDirectory(folder.resolve(transport)));
                }
            }

            assertThat(capture.complaints()).isEmpty();
            for (String transport : List.of("udp", "tcp")) {
                assertThat(capture.count(transport + " && " + ALLOCATE_SUCCESS)).isPositive();
                assertThat(capture.count(transport + " && " + CREATE_PERMISSION_SUCCESS))
                        .isPositive();
                assertThat(capture.count(transport + " && " + CHANNEL_DATA)).isPositive();
            }
        }
    }

    @Test
    void aWrongFingerprintWouldBeSeen() throws IOException {
        byte[] bindingWithWrongFingerprint =
                HexFormat.of()
                        .parseHex("010100082112a442000000000000000000000000" + "8028000400000000");
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Capture capture =
                    Capture.start(
                            folder.resolve("wrong.pcapng"),
                            List.of(socket.getLocalPort()),
                            List.of());
            try (capture) {
                socket.send(
                        new DatagramPacket(
                                bindingWithWrongFingerprint,
                                bindingWithWrongFingerprint.length,
                                socket.getLocalSocketAddress()));
            }

            assertThat(capture.complaints())
                    .singleElement()
                    .asString()
                    .contains("STUN")
                    .contains("Bad Fingerprint");
        }
    }

    private static void atOnce(Runnable... runs) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> running =
                    Stream.of(runs).map(run -> CompletableFuture.runAsync(run, threads)).toList();
            running.forEach(CompletableFuture::join);
        }
    }
}
