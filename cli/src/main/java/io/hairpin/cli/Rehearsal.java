package io.hairpin.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.Allocation;
import io.hairpin.client.TurnClient;
import io.hairpin.server.TurnServer;
import io.hairpin.server.core.Transport;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Serves a short while and is its own client: the classes the JVM needs for that go into the AOT
/// cache that `bin/aot-cache` makes.
final class Rehearsal {

    /// No command for people, so it is not among those that `hairpin --help` lists.
    static final String COMMAND = "rehearse";

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int HTTP_TIMEOUT_MILLIS = 5000;
    private static final int CHANNEL = 0x4000;
    private static final byte[] PAYLOAD = new byte[172];

    /// Enough for the data path to be worth a profile, and still over in a moment.
    private static final int PACKETS = 2000;

    private static final String CONFIGURATION =
            """
            realm: rehearsal
            listeners:
              - { transport: udp, address: 127.0.0.1, port: 0 }
              - { transport: tcp, address: 127.0.0.1, port: 0 }
            relay:
              addresses: [ { bind: 127.0.0.1 } ]
              threads: 1
            authentication:
              users: { alice: secret }
              shared-secrets: [ north ]
            peers: { allow: [ 127.0.0.0/8 ] }
            admin: { port: 0 }
            """;

    private Rehearsal() {}

    /// As `hairpin serve --config FILE`, whatever the environment says; ends the process, with
    /// success only if everything went as it should.
    static int run(PrintWriter out, PrintWriter err) throws InterruptedException, IOException {
        CompletableFuture.delayedExecutor(DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .execute(() -> fail(err, new TimeoutException("no end after " + DEADLINE)));
        Path file = Files.createTempFile("rehearsal", ".yaml");
        file.toFile().deleteOnExit();
        Files.writeString(file, CONFIGURATION);
        String[] args = {"serve", "--config", file.toString()};
        ConfigurationOption option = PlainServe.parse(args, Map.of(), file).orElseThrow();
        return new ServerProcess(out, err)
                .whenServing(server -> perform(server, err))
                .run(option.find(), new SecureRandom());
    }

    private static void perform(TurnServer server, PrintWriter err) {
        try {
            relay(server, Transport.UDP, TurnClient::udp);
            relay(server, Transport.TCP, TurnClient::tcp);
            read(server.adminAddress(), "/readyz");
            read(server.adminAddress(), "/metrics");
            System.exit(Hairpin.OK);
        } catch (IOException | RuntimeException e) {
            fail(err, e);
        }
    }

    private static void fail(PrintWriter err, Exception why) {
        why.printStackTrace(err);
        Runtime.getRuntime().halt(Hairpin.FAILED);
    }

    /// Two clients talk through their relays, by channels and by indications.
    private static void relay(
            TurnServer server,
            Transport transport,
            Function<InetSocketAddress, TurnClient> connect) {
        InetSocketAddress address = server.addresses(transport).getFirst();
        try (TurnClient one = connect.apply(address).with("alice", "secret");
                TurnClient other = connect.apply(address).with("alice", "secret")) {
            one.bind();
            Allocation relay = one.allocate(AllocateOptions.udp());
            Allocation otherRelay = other.allocate(AllocateOptions.udp());
            one.createPermission(LOOPBACK);
            other.createPermission(LOOPBACK);
            one.send(otherRelay.relayedAddress(), PAYLOAD);
            expect(other);
            one.channelBind(CHANNEL, otherRelay.relayedAddress());
            other.channelBind(CHANNEL, relay.relayedAddress());
            for (int i = 0; i < PACKETS; i++) {
                one.sendChannel(CHANNEL, PAYLOAD);
                expect(other);
            }
            one.refresh(Duration.ofMinutes(10));
        }
    }

    private static void expect(TurnClient receiver) {
        if (receiver.receive(PATIENCE).isEmpty()) {
            throw new IllegalStateException("a packet did not arrive");
        }
    }

    private static void read(InetSocketAddress address, String path) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(HTTP_TIMEOUT_MILLIS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            if (!answer.startsWith("HTTP/1.1 200 ")) {
                throw new IOException(path + " answers " + answer.lines().findFirst());
            }
        }
    }
}
