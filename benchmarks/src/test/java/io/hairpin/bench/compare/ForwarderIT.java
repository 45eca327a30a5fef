package io.hairpin.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What the C limit has to do to be one: relay, both ways, on channels and without.
class ForwarderIT {
    private static final int CHANNEL = 0x4001;
    private static final int PATIENCE_MILLIS = 10_000;

    @TempDir private static Path folder = Path.of("");

    private final SplittableRandom random = new SplittableRandom(8656);
    private final DatagramSocket client = socket();
    private final DatagramSocket peer = socket();
    private SocketAddress server = new InetSocketAddress(0);

    @BeforeAll
    static void compile() throws IOException {
        assumeTrue(Prerequisites.find("cc").isPresent(), "there is no C compiler");
        assumeTrue(Prerequisites.find("taskset").isPresent(), "there is no taskset");
        new Prerequisites("").compile(Path.of("limit").toAbsolutePath(), folder.resolve("limit"));
    }

    @BeforeEach
    void waitNoLongerThanThis() throws IOException {
        client.setSoTimeout(PATIENCE_MILLIS);
        peer.setSoTimeout(PATIENCE_MILLIS);
    }

    @AfterEach
    void close() {
        client.close();
        peer.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"LIMIT", "LIMIT_SINGLE"})
    void packetsOnAChannelGoBothWays(ServerKind kind) throws IOException {
        try (RunningServer _ = start(kind)) {
            InetSocketAddress relay = allocate();
            ask(
                    request(Method.CHANNEL_BIND)
                            .with(Attributes.CHANNEL_NUMBER, CHANNEL)
                            .with(Attributes.XOR_PEER_ADDRESS, address(peer)));

            for (String word : List.of("one", "four", "")) {
                send(client, channelData(word), server);
                assertThat(receive(peer)).isEqualTo(bytes(word));
            }
            for (String word : List.of("five!", "another", "third")) {
                send(peer, bytes(word), relay);
            }
            for (String word : List.of("five!", "another", "third")) {
                assertThat(receive(client)).isEqualTo(channelData(word));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LIMIT", "LIMIT_SINGLE"})
    void withoutAChannelTheyTravelInIndications(ServerKind kind) throws IOException {
        try (RunningServer _ = start(kind)) {
            InetSocketAddress relay = allocate();
            ask(request(Method.CREATE_PERMISSION).with(Attributes.XOR_PEER_ADDRESS, address(peer)));

            StunMessage indication =
                    StunMessage.indication(Method.SEND, TransactionId.random(random))
                            .with(Attributes.XOR_PEER_ADDRESS, address(peer))
                            .with(Attributes.DATA, bytes("hello"))
                            .build();
            send(client, indication.toBytes(), server);
            assertThat(receive(peer)).isEqualTo(bytes("hello"));

            send(peer, bytes("reply!!"), relay);
            StunMessage back = decode(receive(client));
            assertThat(back.method()).isEqualTo(Method.DATA);
            assertThat(back.find(Attributes.XOR_PEER_ADDRESS)).contains(address(peer));
            assertThat(back.find(Attributes.DATA)).contains(bytes("reply!!"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LIMIT", "LIMIT_SINGLE"})
    void anAllocationEndsWithItsLifetimeSetToZero(ServerKind kind) throws IOException {
        try (RunningServer _ = start(kind)) {
            InetSocketAddress relay = allocate();
            assertThat(allocate()).isEqualTo(relay); // asked again, it is the same

            StunMessage refreshed = ask(request(Method.REFRESH).with(Attributes.LIFETIME, 0L));

            assertThat(refreshed.find(Attributes.LIFETIME)).contains(0L);
            try (DatagramSocket next = new DatagramSocket(relay)) { // its port is free
                assertThat(next.isBound()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LIMIT", "LIMIT_SINGLE"})
    void brokenPacketsDoNotHurtIt(ServerKind kind) throws IOException {
        try (RunningServer running = start(kind)) {
            allocate();
            byte[] request = request(Method.CHANNEL_BIND).build().toBytes();
            for (int round = 0; round < 2000; round++) {
                byte[] broken = new byte[random.nextInt(64)];
                random.nextBytes(broken);
                if (round % 2 == 0) { // begins as a message and has lengths that lie
                    System.arraycopy(request, 0, broken, 0, Math.min(20, broken.length));
                }
                send(client, broken, server);
            }

            drain();
            running.checkAlive();
            assertThat(allocate().getPort()).isPositive();
        }
    }

    private RunningServer start(ServerKind kind) throws IOException {
        int cpu = firstCpu();
        Bench bench = new Bench(folder, folder, "", folder.resolve("limit"), cpu, cpu);
        RunningServer running = RunningServer.start(kind, false, bench);
        server = running.address();
        return running;
    }

    /// One that this process may use, which in a container need not be the first of the machine.
    private static int firstCpu() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.replaceFirst("\\D+(\\d+).*", "$1"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElseThrow();
    }

    private InetSocketAddress allocate() throws IOException {
        StunMessage answer = ask(request(Method.ALLOCATE).with(Attributes.REQUESTED_TRANSPORT, 17));
        assertThat(answer.find(Attributes.XOR_MAPPED_ADDRESS)).contains(address(client));
        return answer.find(Attributes.XOR_RELAYED_ADDRESS).orElseThrow();
    }

    private StunMessage.Builder request(Method method) {
        return StunMessage.request(method, TransactionId.random(random));
    }

    private StunMessage ask(StunMessage.Builder request) throws IOException {
        StunMessage asked = request.build();
        send(client, asked.toBytes(), server);
        StunMessage answer = decode(receive(client));
        assertThat(answer.messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
        assertThat(answer.transactionId()).isEqualTo(asked.transactionId());
        return answer;
    }

    /// Sends a last request and reads on to its answer, past any to what came before.
    private void drain() throws IOException {
        byte[] last = request(Method.BINDING).build().toBytes();
        send(client, last, server);
        ByteBuffer id = ByteBuffer.wrap(last).slice(8, 12);
        byte[] answer = receive(client);
        while (answer.length < 20 || !ByteBuffer.wrap(answer).slice(8, 12).equals(id)) {
            answer = receive(client);
        }
    }

    private static StunMessage decode(byte[] bytes) {
        return switch (StunDecoder.decode(ByteBuffer.wrap(bytes))) {
            case Decoded.Message(var message) -> message;
            case Decoded.Malformed(var reason) -> throw new AssertionError(reason);
        };
    }

    private static byte[] channelData(String word) {
        byte[] payload = bytes(word);
        ByteBuffer packet = ByteBuffer.allocate(ChannelData.HEADER_BYTES + payload.length);
        ChannelData.writeHeader(packet, 0, CHANNEL, payload.length);
        return packet.put(ChannelData.HEADER_BYTES, payload).array();
    }

    private static byte[] bytes(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }

    private static void send(DatagramSocket from, byte[] bytes, SocketAddress to)
            throws IOException {
        from.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private static byte[] receive(DatagramSocket at) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        try {
            at.receive(packet);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("nothing came within " + PATIENCE_MILLIS + " ms", e);
        }
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static InetSocketAddress address(DatagramSocket socket) {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private static DatagramSocket socket() {
        try {
            return new DatagramSocket(
                    new InetSocketAddress(InetAddress.ofLiteral(Bench.ADDRESS), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
