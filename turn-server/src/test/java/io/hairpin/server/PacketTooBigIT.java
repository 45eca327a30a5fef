package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.net.SocketKind;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.AddressFamily;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// RFC 8656 §11.5 and §18.13: a client whose datagram is too long for the path is told what would
/// have passed. The path is one of a network namespace, which takes another process.
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class PacketTooBigIT {

    private static final int MTU = 1400;
    private static final int IPV4_AND_UDP_BYTES = 28;
    private static final int IPV6_AND_UDP_BYTES = 48;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @Test
    void aClientIsToldTheMtuOfThePath() throws Exception {
        assumeTrue(inNamespace(List.of("true")).exitCode() == 0, "no namespaces can be made here");

        Finished run =
                inNamespace(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                PacketTooBigIT.class.getName()));

        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output())
                .contains("UDP IPV4: [IcmpError[type=3, code=4, data=1400]]")
                .contains("TCP IPV4: [IcmpError[type=3, code=4, data=1400]]")
                .contains("TCP IPV6: [IcmpError[type=2, code=0, data=1400]]");
    }

    /// What happens in the namespace: each client sends what fits, and then a byte more.
    public static void main(String[] arguments) throws Exception {
        try (TurnServer server = OnePort.plain().on(SocketKind.NATIVE).start()) {
            exceed(server, Transport.UDP, AddressFamily.IPV4, MTU - IPV4_AND_UDP_BYTES);
            exceed(server, Transport.TCP, AddressFamily.IPV4, MTU - IPV4_AND_UDP_BYTES);
            exceed(server, Transport.TCP, AddressFamily.IPV6, MTU - IPV6_AND_UDP_BYTES);
        }
    }

    private static void exceed(
            TurnServer server, Transport transport, AddressFamily family, int most)
            throws Exception {
        try (TestPeer peer = TestPeer.open(family);
                TurnClient client = Clients.of(server, transport, AddressFamily.IPV4)) {
            client.allocate(AllocateOptions.udp().family(family));
            client.createPermission(peer.address().getAddress());

            client.send(peer.address(), new byte[most], true);
            assertThat(peer.receive()).hasSize(most);
            client.send(peer.address(), new byte[most + 1], true);
            System.out.printf(
                    "%s %s: %s%n",
                    transport,
                    family,
                    client.receive(PATIENCE).orElseThrow().error().stream().toList());
        }
    }

    private record Finished(int exitCode, String output) {}

    /// Runs a command where loopback is all there is of the network, with a small MTU.
    private static Finished inNamespace(List<String> command) throws Exception {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "unshare",
                                "--map-root-user",
                                "--net",
                                "sh",
                                "-c",
                                "ip link set lo mtu " + MTU + " up && exec \"$0\" \"$@\""));
        all.addAll(command);
        Path output = Files.createTempFile("hairpin-namespace", ".txt");
        try {
            Process process =
                    new ProcessBuilder(all)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            boolean ended = process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            return new Finished(
                    process.waitFor(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new Finished(-1, "cannot be run: " + e.getMessage());
        } finally {
            Files.delete(output);
        }
    }
}
